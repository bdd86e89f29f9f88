// Attacks on the border between the package, its module and its host: hosts that lie, calls that overlap, lengths that wrap around.

import { equal, generate, ok, refused, replacing, secret } from "./support.mjs";

const expiry = 4102444800;

/** Changes the first character of a token's signature. */
function forge(token) {
  const at = token.lastIndexOf(".") + 1;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

/** Settles like a promise, later. */
const later = (milliseconds, value) => new Promise((resolve) => setTimeout(resolve, milliseconds)).then(() => value);

/** @type {import("./support.mjs").Case[]} */
export const boundaryCases = [
  {
    name: "G2: a clock that is no number or goes backwards is judged call by call",
    async run({ importKey, encode, verify, verifySync }) {
      const key = await importKey(secret(), "HS256");
      const token = await encode({ sub: "alice", nbf: 1000, exp: 2000 }, key);
      const at = (milliseconds, action) => replacing(Date, "now", () => milliseconds, action);
      for (const nonsense of [NaN, Infinity, -Infinity, -1, 1e30]) {
        await at(nonsense, () => refused("clock_invalid", () => verify(token, key)));
        await at(nonsense, () => refused("clock_invalid", () => verifySync(token, key)));
      }
      for (const [now, code] of [[1500, undefined], [2000, "token_expired"], [1999, undefined], [999, "token_not_yet_valid"], [1000, undefined]]) {
        const attempt = () => verifySync(token, key).payload.sub;
        await at(now * 1000, code ? () => refused(code, attempt) : async () => equal(attempt(), "alice", "subject"));
      }
    },
  },
  {
    name: "G2: random numbers that fail make no token, and those that are all zero give no key away",
    async run({ importKey, encode, encodeSync, verify, verifySync }, { full }) {
      if (!full) return; // the small module takes none
      const made = await generate("ES256");
      const key = await importKey(made.privateJWK);
      const hmac = await importKey(secret(), "HS256");
      const throwing = () => {
        throw new Error("no random numbers");
      };
      const claims = (sub) => ({ sub, exp: expiry });
      const before = encodeSync(claims("before"), key);
      // The module may have random numbers left over, so a token can still come out: then it must be a good one.
      await replacing(crypto, "getRandomValues", throwing, async () => {
        for (let i = 0; i < 40; i++) {
          try {
            equal(verifySync(encodeSync(claims(String(i)), key), key).payload.sub, String(i), "subject");
          } catch (error) {
            ok(["module_trapped", "load_failed", "signing_failed"].includes(error.code), String(error));
          }
        }
      });
      const zeros = (array) => array.fill(0);
      await replacing(crypto, "getRandomValues", zeros, async () => {
        const points = new Set([0, 1, 2, 3].map((i) => encodeSync(claims(`zeros ${i}`), key).split(".")[2].slice(0, 40)));
        equal(points.size, 4, "different numbers r");
      });
      equal((await verify(before, key)).payload.sub, "before", "afterwards");
      await verify(await encode(claims("alice"), hmac), hmac);
    },
  },
  {
    name: "G2: a WebCrypto that throws at once, settles late or answers no boolean makes no token good",
    async run({ importKey, encode, verify }, { full }) {
      const made = await generate("ES256");
      const [signer, verifier] = [await importKey(made.privateJWK), await importKey(made.publicJWK)];
      const token = await encode({ sub: "alice" }, signer, { expiresIn: 60 });
      const throwing = () => {
        throw new Error("broken");
      };
      const whileVerifying = (answer, action) => replacing(crypto.subtle, "verify", answer, action);
      await whileVerifying(throwing, () => refused(full ? "signature_invalid" : "key_unusable", () => verify(forge(token), verifier)));
      for (const answer of ["true", 1, [true], { valueOf: () => true }, null, undefined, Symbol("true")]) {
        await whileVerifying(() => answer, () => refused("signature_invalid", () => verify(token, verifier)));
        await whileVerifying(async () => answer, () => refused("signature_invalid", () => verify(token, verifier)));
      }
      await whileVerifying(() => later(20, false), () => refused("signature_invalid", () => verify(token, verifier)));
      const slow = whileVerifying(() => later(20, true), () => verify(token, verifier));
      equal((await slow).payload.sub, "alice", "late, and true");
      // A signature that is made late, or is none.
      for (const signature of [new ArrayBuffer(0), new ArrayBuffer(63), new ArrayBuffer(64 + 1)]) {
        const attempt = () => replacing(crypto.subtle, "sign", () => later(5, signature), () => encode({}, signer, { expiresIn: 60 }));
        if (!full) await refused("signing_failed", attempt);
      }
    },
  },
  {
    name: "G3: a module that is replaced while WebCrypto thinks finishes nothing",
    async run({ importKey, encode, verify, verifySync }, { full }) {
      const made = await generate("EdDSA");
      const [signer, verifier] = [await importKey(made.privateJWK), await importKey(made.publicJWK)];
      const hmac = await importKey(secret(), "HS256");
      const token = await encode({ sub: "alice" }, signer, { expiresIn: 60 });
      const other = await encode({ sub: "bob" }, hmac, { expiresIn: 60 });
      verifySync(other, hmac);
      const trap = () => replacing(TextEncoder.prototype, "encodeInto", () => { throw new WebAssembly.RuntimeError("unreachable"); }, async () => {
        await refused("module_trapped", () => verifySync(other, hmac));
      });
      await replacing(crypto.subtle, "verify", () => later(20, true), async () => {
        const waiting = refused("module_trapped", () => verify(forge(token), verifier));
        await later(5);
        await trap();
        equal(verifySync(other, hmac).payload.sub, "bob", "in the new module"); // whose first pending verification this is not
        await waiting;
      });
      equal((await verify(token, verifier)).payload.sub, "alice", full ? "full" : "slim");
    },
  },
  {
    name: "G3: a call from inside another one keeps to its own claims",
    async run({ importKey, encodeSync, verifySync, decodeSync }, { full }) {
      const key = await importKey(secret(), "HS256");
      const inner = encodeSync({ sub: "inner", exp: expiry }, key);
      const seen = [];
      const nested = { toJSON: () => seen.push(verifySync(inner, key).payload.sub, decodeSync(inner).payload.sub) && "nested" };
      const outer = encodeSync({ sub: "outer", nested, exp: expiry }, key);
      equal(seen, ["inner", "inner"], "inside");
      equal([verifySync(outer, key).payload.sub, verifySync(outer, key).payload.nested], ["outer", "nested"], "outside");
      const options = { get subject() { return verifySync(inner, key).payload.sub === "inner" ? "outer" : ""; } };
      equal(verifySync(outer, key, options).payload.sub, "outer", "by an option");
      if (full) await fromAnImport({ importKey, encodeSync, verifySync }, key, inner);
    },
  },
];

/** Calls the module while it waits for its host's random numbers: what comes of it is the right claims or an error. */
async function fromAnImport({ importKey, encodeSync, verifySync }, key, inner) {
  const signer = await importKey((await generate("ES256")).privateJWK);
  const original = crypto.getRandomValues.bind(crypto);
  let calls = 0;
  const subjects = [];
  const attempt = (action) => {
    try {
      subjects.push(action());
    } catch (error) {
      ok(error.name === "JetonError", String(error));
    }
  };
  await replacing(crypto, "getRandomValues", (array) => {
    if (calls++ < 3) attempt(() => verifySync(inner, key).payload.sub);
    return original(array);
  }, async () => {
    for (let i = 0; i < 40; i++) attempt(() => encodeSync({ sub: "signed", exp: expiry }, signer) && "signed");
  });
  ok(subjects.every((subject) => subject === "inner" || subject === "signed"), `claims of another call: ${subjects}`);
  equal(verifySync(inner, key).payload.sub, "inner", "afterwards");
}
