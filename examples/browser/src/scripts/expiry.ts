import { decode } from "jeton";
import type { Tokens } from "./session.js";
import { clockInWords, now, numericDate } from "./times.js";
import type { Words } from "./words.js";

/** Tells, once for each token, that it has expired. */
export interface ExpiryWatch {
  follow(tokens: Tokens | undefined): Promise<void>;
  tick(): void;
  /** Returns how long the access token is good, or undefined when it is not or that cannot be told. */
  accessUntil(): number | undefined;
}

/** Starts with no tokens. */
export function watchExpiry(say: (words: Words) => void): ExpiryWatch {
  let followed: Tokens | undefined;
  let dates: { access?: number | undefined; refresh?: number | undefined } = {};

  return {
    async follow(tokens) {
      followed = tokens;
      dates = {};
      if (!tokens) return;
      const [access, refresh] = await Promise.all([expirationOf(tokens.access), expirationOf(tokens.refresh)]);
      if (followed === tokens) dates = { access, refresh };
    },
    tick() {
      const { access, refresh } = dates;
      if (refresh !== undefined && refresh <= now()) {
        dates = {};
        say({ tone: "warn", title: `Your session ended at ${clockInWords(refresh)}`, advice: "The refresh token has expired. Sign out and sign in again." });
      } else if (access !== undefined && access <= now()) {
        dates = { refresh };
        say({ tone: "warn", title: `The access token expired at ${clockInWords(access)}`, advice: "Press Refresh, or ask the server anything: that renews it, too." });
      }
    },
    accessUntil: () => dates.access,
  };
}

async function expirationOf(token: string): Promise<number | undefined> {
  return decode(token).then(({ payload }) => numericDate(payload.exp), () => undefined);
}
