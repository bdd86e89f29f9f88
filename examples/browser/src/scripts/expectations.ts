import type { VerifyOptions } from "jeton";

/** What a token is expected to say, as it was typed. */
export interface Expectations {
  readonly issuer: string;
  readonly audience: string;
  readonly typ: string;
  /** In seconds. */
  readonly leeway: string;
  /** The time to check against, in the computer's own time zone, such as "2026-01-31T12:00". */
  readonly clock: string;
}

/** Returns the options for verify. Whatever was left empty is left out: the package refuses a check that would check nothing. */
export function optionsFor({ issuer, audience, typ, leeway, clock }: Expectations): VerifyOptions {
  return {
    ...(issuer === "" ? {} : { issuer }),
    ...(audience === "" ? {} : { audience }),
    ...(typ === "" ? {} : { typ }),
    ...(leeway === "" ? {} : { clockTolerance: Number(leeway) }),
    ...(clock === "" ? {} : { currentDate: new Date(clock) }),
  };
}
