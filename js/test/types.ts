// Compiled, never run: the types that users rely on.
import { decode, encode, importKey, importKeySet, JetonError, verify, verifySync, type ErrorCode, type Key, type Profile } from "jeton";

interface Own {
  readonly scope: string;
}

const key: Key = await importKey("secret", "HS256");
const set: Key = await importKeySet({ keys: [{ kty: "oct", k: "AA" }] }, { algorithms: ["HS256"] });
const token: string = await encode({ sub: "alice", scope: "read" }, key, { expiresIn: "5m" });
const scope: string = (await verify<Own>(token, set, { issuer: ["a", "b"], clockTolerance: 5 })).payload.scope;
const expiration: number | undefined = verifySync(token, key).payload.exp;
const alg: string = (await decode(token)).protectedHeader.alg;
const code: ErrorCode | undefined = (undefined as unknown) instanceof JetonError ? undefined : "token_expired";

await verify(token, set, { profile: "access_token", issuer: "a", audience: "b", keyAlgorithms: { "2026-01": ["ES256"], "2026-02": [] } });
await encode({ sub: "alice" }, key, { profile: "django_access" satisfies Profile });

// @ts-expect-error there is no such profile
await verify(token, key, { profile: "access" });
// @ts-expect-error there is no such option
await verify(token, key, { audiense: "api" });
// @ts-expect-error a secret is not a key until it is imported
await verify(token, "secret");
// @ts-expect-error there is no such algorithm
await importKey("secret", "none");
// @ts-expect-error "sub" is text
await encode({ sub: 5 }, key);

export { alg, code, expiration, scope };
