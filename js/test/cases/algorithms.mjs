// Every algorithm, by the module and by WebCrypto.

import { base64url, equal, generate, refused, secret, webCryptoKeys } from "./support.mjs";

/** @type {import("./support.mjs").Case[]} */
export const algorithmCases = [
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
];
