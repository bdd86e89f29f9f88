// Compiled, never run: the types that users rely on.
import { decode, encode, importKey, encodeSync, importKeySet, JetonError, remoteKeySet, verify, verifySync, type Claims, type Duration, type EncodeOptions, type ErrorCode, type Key, type KeySource, type Profile, type RemoteKeySet, type RemoteKeySetOptions, type VerifyOptions } from "jeton";
import { ClientError, createClient, type Client, type ClientErrorCode, type ClientEvents, type FieldErrors, type SignedOutCode, type TokenStorage } from "jeton/client";

interface Own {
  readonly scope: string;
}

const key: Key = await importKey("secret", "HS256");
const exported: JsonWebKey = await crypto.subtle.exportKey("jwk", {} as CryptoKey);
await importKey(exported, "ES256");
const set: Key = await importKeySet({ keys: [{ kty: "oct", k: "AA" }] }, { algorithms: ["HS256"] });
const token: string = await encode({ sub: "alice", scope: "read" }, key, { expiresIn: "5m" });
const scope: string = (await verify<Own>(token, set, { issuer: ["a", "b"], clockTolerance: 5 })).payload.scope;
const expiration: number | undefined = verifySync(token, key).payload.exp;
const alg: string = (await decode(token)).protectedHeader.alg;
const code: ErrorCode | undefined = (undefined as unknown) instanceof JetonError ? undefined : "token_expired";

await verify(token, set, { profile: "access_token", issuer: "a", audience: "b", keyAlgorithms: { "2026-01": ["ES256"], "2026-02": [] } });
await encode({ sub: "alice" }, key, { profile: "django_access" satisfies Profile });

// The application's claims are those of an interface, which has no index signature.
const own: Own = { scope: "read" };
await encode<Own>({ sub: "alice", ...own }, key);
encodeSync(own, key);
const mine: Claims<Own> = (await decode<Own>(token)).payload;
const narrowed: { readonly scope: string; readonly sub?: string } = verifySync<Own>(token, key).payload;
const free: unknown = (await verify(token, key)).payload["anything"];

const options: RemoteKeySetOptions = {
  algorithms: ["RS256", "ES256"], cacheMaxAge: "1 hour", cacheMinAge: 60, cooldownDuration: "30s" satisfies Duration, timeoutDuration: 5,
  maxBytes: 65536, maxKeys: 10, headers: { "X-Tenant": "one" }, fetch: globalThis.fetch, waitUntil: (refresh) => void refresh, currentDate: () => new Date(),
};
const remote: RemoteKeySet = remoteKeySet(new URL("https://issuer.example/jwks.json"), options);
const sources: readonly KeySource[] = [key, set, remote];
for (const source of sources) await verify<Own>(token, source, { issuer: "a" });
await remote.refresh();
const fetchedAt: Date | undefined = remote.status.fetchedAt;
const lastFailure: ErrorCode | undefined = remote.status.failure?.code;
const refusal = new JetonError("token_expired", "words");
const words: string = refusal.reason;
const checks: VerifyOptions = { issuer: "a", audience: ["b"], algorithms: ["ES256"], typ: "at+jwt", maxTokenAge: "10 minutes", clockTolerance: 5, currentDate: new Date() };
const making: EncodeOptions = { typ: "at+jwt", expiresIn: "5m", issuedAt: true };

// @ts-expect-error the claim is text
await encode<Own>({ scope: 5 }, key);
// @ts-expect-error the claim is missing
await encode<Own>({ sub: "alice" }, key);
// @ts-expect-error there is no such claim
void (await verify<Own>(token, key)).payload.scopes;
// @ts-expect-error what a token says is read, not written
(await verify<Own>(token, key)).payload.scope = "write";
// @ts-expect-error a set behind a URL is for verify
verifySync(token, remote);
// @ts-expect-error a set behind a URL does not sign
await encode({}, remote);
// @ts-expect-error an object is not a source of keys
await verify(token, {});
// @ts-expect-error there is no such option
remoteKeySet("https://issuer.example/", { cooldown: 30 });
// @ts-expect-error it is made by remoteKeySet, and its status is read
remote.status = {};

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

const storage: TokenStorage = { getItem: async () => null, setItem: () => {}, removeItem: () => {}, shared: true };
const client: Client<Own> = createClient<Own>({ url: new URL("https://api.example"), dialect: "simplejwt", storage, refreshMargin: "1m", paths: { logout: "api/token/blacklist/" } });
const granted: string | undefined = (await client.login({ username: "alice", password: "secret", code: 123456 })).claims?.scope;
const stop: () => void = client.on("signedOut", ({ code, reason, elsewhere }: ClientEvents<Own>["signedOut"]) => void [code satisfies SignedOutCode, reason, elsewhere]);
client.on("refreshed", ({ state }) => void (state.claims?.scope satisfies string | undefined));
const likeFetch: typeof fetch = client.fetch;
const revoked: boolean = (await client.logout()).revoked;
const problem: unknown = undefined;
if (problem instanceof ClientError) {
  const clientCode: ClientErrorCode = problem.code;
  const fields: FieldErrors | undefined = problem.fields;
  void [clientCode, fields?.["password"]?.[0]];
}
createClient({ url: "/", dialect: "drf-jwt", storage: globalThis.localStorage }).dispose();

// @ts-expect-error there is no such dialect
createClient({ url: "/", dialect: "oauth" });
// @ts-expect-error the dialect is needed
createClient({ url: "/" });
// @ts-expect-error there is no such storage
createClient({ url: "/", dialect: "simplejwt", storage: "cookie" });
// @ts-expect-error there is no such event
client.on("signedout", () => {});
// @ts-expect-error the password is needed
await client.login({ username: "alice" });
// @ts-expect-error the state is read, not written
client.state.signedIn = true;

export { granted, likeFetch, revoked, stop };
export { alg, checks, code, expiration, fetchedAt, free, lastFailure, making, mine, narrowed, scope, words };
