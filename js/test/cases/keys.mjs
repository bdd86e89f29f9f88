// Keys and key sets: their numbers, their IDs, their end.

import { base64url, equal, generate, refused, secret } from "./support.mjs";

/** @type {import("./support.mjs").Case[]} */
export const keyCases = [
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
];
