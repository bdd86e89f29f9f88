// Work that the host does between two halves of an operation, and modules that fail.

import { equal, generate, refused, replacing, secret } from "./support.mjs";

/** @type {import("./support.mjs").Case[]} */
export const hostCases = [
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
];
