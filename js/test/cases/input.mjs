// Input that is not what it should be, and what is said about it.

import { base64url, ok, refused, secret, textSecret, webCryptoKeys } from "./support.mjs";

/** @type {import("./support.mjs").Case[]} */
export const inputCases = [
  {
    name: "no error repeats what a token says",
    async run({ importKey, encode, verify }) {
      const key = await importKey(secret(), "HS256");
      const mark = "zebra-7f3a";
      const token = await encode({ iss: mark, sub: mark, aud: mark, jti: mark, exp: 2000, scope: mark }, key, { typ: mark });
      const options = { issuer: "a", subject: "b", audience: "c", typ: "at+jwt", requiredClaims: ["azp"] };
      for (const bad of [token, `${token}A`, token.slice(1), `${token}.${mark}`, mark]) {
        try {
          await verify(bad, key, options);
          throw new Error("accepted");
        } catch (error) {
          if (error.name !== "JetonError") throw error;
          const { name, code, reason, message, claim, failures, stack, cause } = error;
          ok(!JSON.stringify([name, code, reason, message, claim, failures, stack, cause]).includes(mark), `${code} repeats a claim`);
        }
      }
    },
  },
  {
    name: "every changed character is refused",
    async run({ importKey, encode, verifySync }) {
      const key = await importKey(secret(), "HS256");
      const token = await encode({ sub: "alice" }, key, { expiresIn: 60 });
      for (let i = 0; i < token.length; i++) {
        for (const change of ["A", "B", "=", ".", " ", "\n", "é", "", "\ud800"]) {
          const changed = token.slice(0, i) + change + token.slice(i + 1);
          if (changed !== token) {
            let accepted = true;
            try {
              verifySync(changed, key);
            } catch (error) {
              if (error.name !== "JetonError") throw error;
              accepted = false;
            }
            ok(!accepted, `accepted with ${JSON.stringify(change)} at ${i}`);
          }
        }
      }
    },
  },
  {
    name: "bad input is refused by code",
    async run({ importKey, importKeySync, importKeySet, encode, verify, decode }) {
      const key = await importKey(textSecret(), "HS256");
      for (const token of [undefined, null, 5, {}, ["a.b.c"]]) {
        await refused("token_malformed", () => verify(token, key));
        await refused("token_malformed", () => decode(token));
      }
      await refused("token_malformed", () => verify("", key));
      await refused("token_too_large", () => verify("a".repeat(9000), key));
      await refused("token_too_large", () => verify("a".repeat(900000), key));
      await refused("length_invalid", () => verify("a".repeat(2000000), key));
      await refused("algorithm_unsupported", () => verify(`${base64url('{"alg":"none"}')}.e30.`, key));
      await refused("critical_unsupported", () => verify(`${base64url('{"alg":"HS256","crit":["x"]}')}.e30.AA`, key));
      await refused("options_invalid", () => verify("a.b.c", "secret"));
      for (const options of [null, "api", ["api"], { audiense: "api" }, { audience: undefined }, { currentDate: "2026-01-01" }, { currentDate: 0 }]) {
        await refused("options_invalid", () => verify("a.b.c", key, options));
      }
      await refused("options_invalid", () => verify("a.b.c", key, { clockTolerance: "5 parsecs" }));
      await refused("options_invalid", () => verify("a.b.c", key, { maxTokenAge: NaN }));
      await refused("policy_invalid", () => verify("a.b.c", key, { clockTolerance: "11m" }));
      for (const name of ["issuer", "audience", "algorithms", "requiredClaims"]) {
        await refused("policy_invalid", () => verify("a.b.c", key, { [name]: [] }));
      }
      for (const name of ["issuer", "audience", "typ", "subject"]) {
        await refused("policy_invalid", () => verify("a.b.c", key, { [name]: "" }));
      }
      await refused("policy_invalid", () => verify("a.b.c", key, { maxTokenAge: 0 }));
      await refused("policy_invalid", () => verify("a.b.c", key, { issuer: 5 }));
      await refused("clock_invalid", () => verify("a.b.c", key, { currentDate: new Date(NaN) }));
      await refused("key_algorithm_missing", () => importKey(textSecret()));
      await refused("key_too_weak", () => importKey("short", "HS256"));
      await refused("key_malformed", () => importKey("", "HS256"));
      await refused("key_malformed", () => importKey(null));
      await refused("key_malformed", () => importKey({ keys: [] }));
      await refused("key_malformed", () => importKey("\ud800".repeat(32), "HS256"));
      const pem = "\n-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----";
      await refused("key_malformed", () => importKey(pem, "HS256"));
      await refused("key_malformed", () => importKey(new TextEncoder().encode(pem), "HS256"));
      for (const nothing of [null, undefined, 5]) await refused("key_malformed", () => importKeySync(nothing));
      await refused("key_malformed", () => importKey({ kty: "EC", crv: "P-256", x: "AA", y: "AA" }));
      await refused("key_set_malformed", () => importKeySet({}));
      await refused("key_set_malformed", () => importKeySet({ keys: [] }));
      const oct = { kty: "oct", k: base64url(textSecret()), alg: "HS256" };
      await refused("options_invalid", () => importKeySet({ keys: [oct] }, { algorithm: ["RS256"] }));
      await refused("policy_invalid", () => importKeySet({ keys: [oct] }, { algorithms: [] }));
      const host = await crypto.subtle.generateKey(webCryptoKeys.HS256, false, ["sign"]);
      await refused("host_required", () => importKeySync(host));
      for (const options of [null, { expiresin: 5 }, { expiresIn: undefined }, { issuedAt: true, currentDate: "now" }]) {
        await refused("options_invalid", () => encode({}, key, options));
      }
      for (const claims of [new Map([["sub", "alice"]]), new Date(), "sub", undefined]) {
        await refused("claims_invalid", () => encode(claims, key));
      }
      await refused("claims_invalid", () => encode([], key));
      await refused("claims_invalid", () => encode(null, key));
      await refused("claims_invalid", () => encode({ n: 1n }, key));
      await refused("claims_invalid", () => encode({ sub: 5 }, key));
      await refused("claims_invalid", () => encode({ text: "\ud800" }, key));
      await refused("token_too_large", () => encode({ text: "x".repeat(9000) }, key));
    },
  },
];
