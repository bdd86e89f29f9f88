// What every app here does: checks a token of a secret and one of a public key, and says what they say.
import { importKey, JetonError, verify } from "jeton";

export async function check({ secret, hmacToken, publicJWK, ecdsaToken, forgedToken }) {
  const [hmac, ecdsa] = [await importKey(secret, "HS256"), await importKey(publicJWK)];
  const subjects = [(await verify(hmacToken, hmac)).payload.sub, (await verify(ecdsaToken, ecdsa)).payload.sub];
  const refusal = await verify(forgedToken, ecdsa).catch((error) => error instanceof JetonError && error.code);
  return [...subjects, refusal];
}
