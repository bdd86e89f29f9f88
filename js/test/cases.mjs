// One list of tests for every JavaScript host and both modules: the tests beside it run each entry. It uses nothing but the package and
// what all hosts have.

/** @typedef {typeof import("../dist/index.js")} Jeton */

const webCryptoKeys = {
  HS256: { name: "HMAC", hash: "SHA-256", length: 256 },
  HS384: { name: "HMAC", hash: "SHA-384", length: 384 },
  HS512: { name: "HMAC", hash: "SHA-512", length: 512 },
  RS256: rsa("RSASSA-PKCS1-v1_5", "SHA-256"),
  RS384: rsa("RSASSA-PKCS1-v1_5", "SHA-384"),
  RS512: rsa("RSASSA-PKCS1-v1_5", "SHA-512"),
  PS256: rsa("RSA-PSS", "SHA-256"),
  PS384: rsa("RSA-PSS", "SHA-384"),
  PS512: rsa("RSA-PSS", "SHA-512"),
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384" },
  ES512: { name: "ECDSA", namedCurve: "P-521" },
  EdDSA: { name: "Ed25519" },
};

function rsa(name, hash) {
  return { name, hash, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
}

/** Makes a key with WebCrypto and returns it in both its forms, the signing and the verifying half. */
export async function generate(algorithm) {
  const made = await crypto.subtle.generateKey(webCryptoKeys[algorithm], true, ["sign", "verify"]);
  const { privateKey, publicKey } = made instanceof CryptoKey ? { privateKey: made, publicKey: made } : made;
  const jwk = async (key) => {
    const { ext, key_ops, ...members } = await crypto.subtle.exportKey("jwk", key);
    return { ...members, alg: algorithm };
  };
  return { privateKey, publicKey, privateJWK: await jwk(privateKey), publicJWK: await jwk(publicKey) };
}

export const secret = () => crypto.getRandomValues(new Uint8Array(32));

/** A secret as text, of 64 characters. */
const textSecret = () => Array.from(secret(), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function equal(actual, expected, what = "value") {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left}, want ${right}`);
}

export function ok(condition, what) {
  if (!condition) throw new Error(what);
}

/** Checks that an action is refused with a code, and returns the error. */
export async function refused(code, action) {
  let result;
  try {
    result = await action();
  } catch (error) {
    if (error.name !== "JetonError") throw error;
    equal(error.code, code, "code");
    ok(error.message.length > 0 && error.failures.length > 0, "an error without words");
    return error;
  }
  throw new Error(`accepted ${JSON.stringify(result)}, want ${code}`);
}

/** Replaces a method for the length of an action. */
export async function replacing(object, name, replacement, action) {
  const original = object[name];
  Object.defineProperty(object, name, { value: replacement, configurable: true, writable: true });
  try {
    return await action(original);
  } finally {
    delete object[name];
    if (object[name] !== original) Object.defineProperty(object, name, { value: original, configurable: true, writable: true });
  }
}

const base64url = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The two builds of the module by the entry that loads each, and whether asymmetric cryptography is inside. */
export const builds = [
  { build: "slim", entry: "index.js", workerd: "workerd.js", full: false },
  { build: "full", entry: "full.js", workerd: "workerd-full.js", full: true },
];

/** @type {{ name: string, run(jeton: Jeton, build: { full: boolean }): Promise<void> }[]} */
export const cases = [
  ...Object.keys(webCryptoKeys).map((algorithm) => ({
    name: `${algorithm}: module and WebCrypto verify each other`,
    async run({ importKey, encode, verify, verifySync, encodeSync, decode, importKeySync }, { full }) {
      const inside = full || algorithm.startsWith("HS");
      const made = await generate(algorithm);
      const signers = { module: await importKey(made.privateJWK), host: await importKey(made.privateKey) };
      const verifiers = { module: await importKey(made.publicJWK), host: await importKey(made.publicKey) };
      for (const [maker, signer] of Object.entries(signers)) {
        const token = await encode({ sub: "alice", n: 1 }, signer, { expiresIn: "5m", issuedAt: true });
        for (const [checker, verifier] of Object.entries(verifiers)) {
          const { payload, protectedHeader } = await verify(token, verifier, { subject: "alice", algorithms: [algorithm] });
          equal([payload.sub, payload.n, payload.exp - payload.iat], ["alice", 1, 300], `${maker} to ${checker}`);
          equal(protectedHeader, { alg: algorithm, typ: "JWT" }, "header");
          const last = token.lastIndexOf(".") + 1;
          const forged = token.slice(0, last) + (token[last] === "A" ? "B" : "A") + token.slice(last + 1);
          await refused("signature_invalid", () => verify(forged, verifier));
        }
        if (inside) equal(verifySync(token, verifiers.module).payload.sub, "alice", "verifySync");
        else await refused("host_required", () => verifySync(token, verifiers.module));
        await refused("host_required", () => verifySync(token, verifiers.host));
        equal((await decode(token)).payload.sub, "alice", "decode");
      }
      equal([verifiers.module.heldByHost, verifiers.host.heldByHost], [!inside, true], "heldByHost");
      if (inside) {
        const signer = importKeySync(made.privateJWK);
        equal(verifySync(encodeSync({ exp: 4102444800 }, signer), importKeySync(made.publicJWK)).payload.exp, 4102444800, "encodeSync");
      } else {
        await refused("host_required", () => encodeSync({}, signers.module));
        await refused("host_required", () => importKeySync(made.publicJWK));
      }
      await refused("host_required", () => encodeSync({}, signers.host));
      if (made.privateKey !== made.publicKey) {
        await refused("key_unusable", () => encode({}, verifiers.module));
        await refused("key_unusable", () => encode({}, verifiers.host));
        const token = await encode({ exp: 4102444800 }, signers.module);
        await refused("key_unusable", () => verify(token, signers.host));
      }
      for (const key of [...Object.values(signers), ...Object.values(verifiers)]) key.free();
    },
  })),
  {
    name: "a CryptoKey that cannot be exported signs and verifies, and is bound to its algorithm",
    async run({ importKey, encode, verify }) {
      for (const algorithm of ["HS256", "PS256", "ES384", "EdDSA"]) {
        const made = await crypto.subtle.generateKey(webCryptoKeys[algorithm], false, ["sign", "verify"]);
        const signer = await importKey(made instanceof CryptoKey ? made : made.privateKey);
        const verifier = await importKey(made instanceof CryptoKey ? made : made.publicKey);
        const token = await encode({ sub: "alice" }, signer, { expiresIn: 60 });
        equal((await verify(token, verifier)).protectedHeader.alg, algorithm, "alg");
        await refused("algorithm_mismatch", () => importKey(made instanceof CryptoKey ? made : made.publicKey, "RS256"));
      }
      const weak = await crypto.subtle.generateKey({ ...webCryptoKeys.HS512, length: 256 }, false, ["sign"]);
      await refused("key_too_weak", () => importKey(weak));
      const otherwise = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
      await refused("key_unsupported", () => importKey(otherwise));
    },
  },
  {
    name: "tokens of WebCrypto alone, put together by hand",
    async run({ importKey, verify }) {
      const bytes = secret();
      const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      const input = `${base64url('{"typ":"JWT","alg":"HS256"}')}.${base64url('{"sub":"alice","exp":4102444800}')}`;
      const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(input)));
      const token = `${input}.${base64url(String.fromCharCode(...signature))}`;
      equal((await verify(token, await importKey(bytes, "HS256"))).payload.sub, "alice");
    },
  },
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
    name: "keyAlgorithms names the accepted keys, and what each may be used with",
    async run({ importKey, importKeySet, encode, verify }) {
      const [first, second] = [await generate("ES256"), await generate("RS256")];
      const set = await importKeySet({ keys: [{ ...first.publicJWK, kid: "1" }, { ...second.publicJWK, kid: "2" }] });
      const tokenOf = async (jwk) => encode({}, await importKey(jwk), { expiresIn: 60 });
      const [one, two] = [await tokenOf({ ...first.privateJWK, kid: "1" }), await tokenOf({ ...second.privateJWK, kid: "2" })];
      await verify(one, set, { keyAlgorithms: { 1: [], next: ["PS256"] } });
      await verify(two, set, { keyAlgorithms: { 1: ["ES256"], 2: ["RS256"] }, algorithms: ["ES256", "RS256"] });
      await refused("key_not_found", () => verify(two, set, { keyAlgorithms: { 1: [] } }));
      await refused("key_not_found", async () => verify(await tokenOf(first.privateJWK), set, { keyAlgorithms: { 1: [] } }));
      for (const keyAlgorithms of [{}, [], null, "1", new Map([["1", []]]), { "": [] }, { 1: "ES256" }, { 1: null }, { 1: ["none"] }, { 1: ["RS256"] }, { 3: [] }]) {
        await refused("policy_invalid", () => verify(one, set, { keyAlgorithms }));
      }
      await refused("options_invalid", () => verify(one, set, { keyAlgorithms: undefined }));
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
  {
    name: "keys whose numbers do not fit are refused by whoever computes with them",
    async run({ importKey, importKeySet }) {
      const padded = (number) => base64url(`\0${atob(number.replaceAll("-", "+").replaceAll("_", "/"))}`);
      const { privateJWK, publicJWK } = await generate("RS256");
      for (const jwk of [privateJWK, publicJWK]) (await importKey({ ...jwk, n: padded(jwk.n) })).free();
      for (const algorithm of ["ES256", "ES384", "ES512", "EdDSA", "RS256"]) {
        const [made, other] = [await generate(algorithm), await generate(algorithm)];
        const member = algorithm === "RS256" ? "n" : "x";
        await refused("key_malformed", () => importKey({ ...made.privateJWK, [member]: other.privateJWK[member] }));
        if (algorithm.startsWith("ES")) {
          await refused("key_malformed", () => importKey({ ...made.publicJWK, x: other.publicJWK.x }));
          await refused("key_malformed", () => importKeySet({ keys: [{ ...made.publicJWK, x: other.publicJWK.x }] }));
        }
      }
    },
  },
  {
    name: "a key set is searched by key ID",
    async run({ importKey, importKeySet, encode, verify }) {
      const [first, second] = [await generate("ES256"), await generate("RS256")];
      const set = await importKeySet({ keys: [{ ...first.publicJWK, kid: "1" }, { ...second.publicJWK, kid: "2" }, { ...first.publicJWK, use: "enc" }] });
      for (const [made, kid] of [[first, "1"], [second, "2"]]) {
        const token = await encode({ sub: kid }, await importKey({ ...made.privateJWK, kid }), { expiresIn: 60 });
        equal((await verify(token, set)).payload.sub, kid, "subject");
      }
      const stranger = await encode({}, await importKey({ ...first.privateJWK, kid: "3" }), { expiresIn: 60 });
      await refused("key_not_found", () => verify(stranger, set));
      await refused("key_duplicate", () => importKeySet({ keys: [{ ...first.publicJWK, kid: "1" }, { ...second.publicJWK, kid: "1" }] }));
      await refused("key_set_malformed", () => importKeySet({ keys: [first.privateJWK, second.publicJWK] }));
    },
  },
  {
    name: "a key set behind a URL is followed when it changes, and kept when what comes is none",
    async run({ encode, importKey, remoteKeySet, verify }) {
      const made = Object.fromEntries(await Promise.all(["first", "second"].map(async (kid) => [kid, await generate("ES256")])));
      const token = async (kid) => encode({ sub: kid }, await importKey({ ...made[kid].privateJWK, kid }), { expiresIn: "1h" });
      const published = (kid) => ({ ...made[kid].publicJWK, kid });
      let [answer, clock, requests] = [{ keys: [published("first")] }, Date.now(), 0];
      const keys = remoteKeySet("https://issuer.example/jwks.json", {
        currentDate: () => new Date(clock),
        fetch: async () => {
          requests++;
          return new Response(JSON.stringify(answer));
        },
      });
      const [first, second] = [await token("first"), await token("second")];
      equal((await Promise.all([first, first].map((one) => verify(one, keys)))).map(({ payload }) => payload.sub), ["first", "first"]);
      await refused("key_not_found", () => verify(second, keys));
      for (const bad of [{}, { keys: [] }, { keys: [made.second.privateJWK] }, { keys: [{ kty: "oct", k: "AA", alg: "HS256" }] }]) {
        answer = bad;
        await refused("key_set_malformed", () => keys.refresh());
        await verify(first, keys);
      }
      answer = { keys: [published("second")] };
      clock += 30_000;
      equal((await verify(second, keys)).payload.sub, "second");
      await refused("key_not_found", () => verify(first, keys));
      equal(requests, 6, "requests");
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
    name: "verifications in flight finish in the other order and keep their own claims",
    async run({ importKey, encode, verify }) {
      const made = await generate("EdDSA");
      const [signer, verifier] = [await importKey(made.privateJWK), await importKey(made.publicJWK)];
      const tokens = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => encode({ sub: String(i) }, signer, { expiresIn: 60 })));
      const finished = [];
      const held = []; // the calls of WebCrypto: the last may go on when all are there, each other one when the one after it has finished
      await replacing(crypto.subtle, "verify", async function (...values) {
        await new Promise((resolve) => {
          held.push(resolve);
          if (held.length === tokens.length) held.pop()();
        });
        return SubtleCrypto.prototype.verify.apply(crypto.subtle, values);
      }, () => Promise.all(tokens.map(async (token, i) => {
        const { payload } = await verify(token, verifier);
        equal(payload.sub, String(i), "subject");
        finished.push(i);
        held.pop()?.();
      })));
      equal(finished, [5, 4, 3, 2, 1, 0], "order");
    },
  },
  {
    name: "a WebCrypto that lies or fails makes no token good",
    async run({ importKey, encode, verify }, { full }) {
      const made = await generate("ES256");
      const [signer, verifier, host] = [await importKey(made.privateJWK), await importKey(made.publicJWK), await importKey(made.publicKey)];
      const token = await encode({}, signer, { expiresIn: 60 });
      const forged = token.slice(0, token.lastIndexOf(".") + 1) + "A".repeat(86);
      for (const answer of ["true", 1, {}, undefined]) {
        await replacing(crypto.subtle, "verify", async () => answer, () => refused("signature_invalid", () => verify(forged, host)));
      }
      const failing = () => Promise.reject(new Error("broken"));
      await replacing(crypto.subtle, "verify", failing, async () => {
        await refused("key_unusable", () => verify(token, host));
        if (full) {
          await verify(token, verifier); // the module has this key and checks by itself
          await refused("signature_invalid", () => verify(forged, verifier));
        } else {
          await refused("key_unusable", () => verify(token, verifier));
        }
      });
    },
  },
  {
    name: "a freed key is refused everywhere",
    async run({ importKey, encode, verify, verifySync }) {
      const key = await importKey(secret(), "HS256");
      const token = await encode({}, key, { expiresIn: 60 });
      verifySync(token, key);
      key.free();
      key.free();
      await refused("key_freed", () => verify(token, key));
      await refused("key_freed", () => verifySync(token, key));
      await refused("key_freed", () => encode({}, key));
    },
  },
  {
    name: "a trap spends the instance, and the next call has a new one with the same keys",
    async run({ importKey, encode, verify, verifySync, decode }) {
      const hmac = await importKey(secret(), "HS256");
      const ecdsa = await importKey((await generate("ES256")).privateJWK);
      const token = await encode({ sub: "alice" }, hmac, { expiresIn: 60 });
      const broken = () => { throw new WebAssembly.RuntimeError("unreachable"); };
      const trapped = () => replacing(TextEncoder.prototype, "encodeInto", broken, () => refused("module_trapped", () => verify(token, hmac)));
      await trapped();
      equal(verifySync(token, hmac).payload.sub, "alice", "after the trap");
      await trapped();
      equal((await verify(token, hmac)).payload.sub, "alice", "after the second trap");
      await decode(await encode({}, ecdsa, { expiresIn: 60 }));
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
