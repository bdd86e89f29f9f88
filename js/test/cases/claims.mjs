// What a token says, against what is asked of it.

import { base64url, equal, ok, refused, secret, textSecret } from "./support.mjs";

/** @type {import("./support.mjs").Case[]} */
export const claimCases = [
  {
    name: "every claim failure has its code, and all are listed",
    async run({ importKey, encode, verify }) {
      const key = await importKey(secret(), "HS256");
      const token = await encode({ iss: "a", aud: ["x", "y"], sub: "alice", iat: 1000, nbf: 1000, exp: 2000 }, key);
      const at = (seconds, options) => () => verify(token, key, { currentDate: new Date(seconds * 1000), ...options });
      await at(1500, { issuer: ["b", "a"], audience: "y", subject: "alice", maxTokenAge: "10m", typ: "jwt" })();
      await refused("token_expired", at(2000));
      await at(2000, { clockTolerance: "1s" })();
      await refused("token_not_yet_valid", at(999));
      await refused("token_too_old", at(1500, { maxTokenAge: 499 }));
      await refused("issuer_mismatch", at(1500, { issuer: "A" }));
      await refused("audience_mismatch", at(1500, { audience: "z" }));
      await refused("subject_mismatch", at(1500, { subject: "demo" }));
      await refused("type_mismatch", at(1500, { typ: "at+jwt" }));
      await refused("claim_missing", at(1500, { requiredClaims: ["scope"] }));
      await refused("algorithm_mismatch", () => importKey({ kty: "oct", k: base64url(textSecret()), alg: "HS512" }).then((other) => verify(token, other)));
      const error = await refused("token_expired", at(3000, { issuer: "b", requiredClaims: ["scope"] }));
      equal(error.failures.map(({ code, claim }) => [code, claim]), [["token_expired", "exp"], ["issuer_mismatch", "iss"], ["claim_missing", "scope"]]);
      ok(error.has("claim_missing") && !error.has("token_too_old"), "has");
      equal(error.claim, "exp", "claim");
      equal(error.reason, error.failures[0].message, "reason");
      ok(error.reason.includes("expired"), "the reason is in words");
    },
  },
  {
    name: "durations are seconds, or a number with a unit",
    async run({ importKey, encode, decode }) {
      const key = await importKey(secret(), "HS256");
      const lifetime = async (expiresIn) => (await decode(await encode({}, key, { expiresIn, currentDate: new Date(0) }))).payload.exp;
      const same = { 90: [90, "90s", "90 sec", "90 seconds", "1.5m"], 3600: ["60 mins", "60 minutes", "1h", "1 hr", "1 hour"], 1209600: ["14 days", "2w", "2 weeks"] };
      for (const [seconds, forms] of Object.entries(same)) {
        for (const form of forms) equal(await lifetime(form), Number(seconds), form);
      }
      // Units that stand for different lengths, and directions, which some libraries take.
      for (const form of ["1 month", "1y", "1 year", "5M", "+5m", "-5m", "5 minutes ago", "5m from now", "five minutes", "5", "", "m", "5  m", " 5m", NaN, Infinity, null, {}]) {
        await refused("options_invalid", () => lifetime(form));
      }
    },
  },
  {
    name: "no kind of token stands in for another",
    async run({ importKey, encode, verify }) {
      const key = await importKey(secret(), "HS256");
      const claims = { iss: "a", sub: "alice", aud: "api", jti: "1", client_id: "app" };
      const kinds = {
        access_token: claims, id_token: claims, django_access: { ...claims, token_type: "access" },
        django_refresh: { ...claims, token_type: "refresh" }, django_sliding: { ...claims, token_type: "sliding" },
      };
      for (const made of Object.keys(kinds)) {
        const token = await encode(kinds[made], key, { profile: made, expiresIn: "5m", issuedAt: true });
        for (const profile of Object.keys(kinds)) {
          const attempt = () => verify(token, key, { profile, issuer: "a", audience: "api" });
          if (profile === made) equal((await attempt()).payload.sub, "alice", made);
          else {
            const error = await attempt().then(() => undefined, (error) => error);
            ok(error?.has("type_mismatch") || error?.has("claim_missing"), `${made} as ${profile}: ${error?.code}`);
          }
        }
      }
      const { protectedHeader } = await verify(await encode(claims, key, { profile: "access_token", expiresIn: 60, issuedAt: true }), key);
      equal(protectedHeader.typ, "at+jwt", "typ");
      const error = await refused("claims_invalid", () => encode(kinds.django_refresh, key, { profile: "django_access", expiresIn: 60 }));
      equal(error.claim, "token_type", "claim");
      await refused("policy_invalid", () => encode(claims, key, { profile: "access_token", typ: "JWT" }));
      for (const options of [{ profile: "access" }, { profile: "" }, { profile: null }, { profile: "id_token", issuer: "a" }, { profile: "access_token", audience: "a" },
        { profile: "django_access", typ: "at+jwt" }, { profile: "django_access", allowMissingExpiration: true }]) {
        await refused("policy_invalid", () => verify("a.b.c", key, options));
      }
      await refused("options_invalid", () => verify("a.b.c", key, { profile: undefined }));
    },
  },
  {
    name: "members named __proto__ and constructor are data",
    async run({ importKey, encode, verify }) {
      const key = await importKey(secret(), "HS256");
      const token = await encode(JSON.parse('{"__proto__":{"admin":true},"constructor":1,"nested":{"__proto__":[{"toString":2}]}}'), key, { expiresIn: 60 });
      const { payload } = await verify(token, key);
      ok(Object.getPrototypeOf(payload) === null, "the claims have a prototype");
      ok(payload.admin === undefined && payload.hasOwnProperty === undefined && {}.admin === undefined, "a prototype was changed");
      equal([payload["__proto__"].admin, payload.constructor, payload.nested["__proto__"][0].toString], [true, 1, 2]);
    },
  },
  {
    name: "many policies on one key are forgotten in order and still work",
    async run({ importKey, encode, verifySync }) {
      const key = await importKey(secret(), "HS256");
      const token = await encode({ sub: "alice" }, key, { expiresIn: 60 });
      for (let round = 0; round < 3; round++) {
        for (let i = 0; i < 40; i++) verifySync(token, key, { clockTolerance: i });
      }
    },
  },
];
