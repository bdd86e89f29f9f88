import type { ClientErrorCode, ErrorCode } from "jeton";

/** What an error code means to a person, and what to do about it. */
export interface Explanation {
  readonly title: string;
  readonly advice: string;
}

const bug = "This is a mistake in the page, not in your token: please report it.";

/** The codes that a token can be refused with; the session client has others. */
export type CheckErrorCode = Exclude<ErrorCode, ClientErrorCode>;

/** Every such code in plain words. A code without words does not compile. */
export const explanations: Record<CheckErrorCode, Explanation> = {
  // The form of the token.
  token_too_large: { title: "The token is too large", advice: "Over 8 KiB is refused unread. Ask the issuer to put less into it." },
  token_malformed: { title: "This is not a token", advice: "A token is three pieces of text joined by two dots. Copy it again, whole." },
  encoding_invalid: { title: "The text is damaged", advice: "A character does not belong there: white space, “=” or a cut end. Copy the token again." },
  header_malformed: { title: "The header cannot be read", advice: "It is not the JSON object that it must be. Copy the token again, or ask who made it." },
  limit_exceeded: { title: "The token is too deep or has too many members", advice: "No honest token looks like this. Ask who made it." },

  // The choice of algorithm and key.
  algorithm_unsupported: { title: "The algorithm is not supported", advice: "“none” and rare algorithms are refused on purpose. The issuer must sign with another." },
  algorithm_mismatch: { title: "The key is for another algorithm", advice: "Compare “alg” in the header with the algorithm chosen for the key." },
  critical_unsupported: { title: "The token demands an unknown extension", advice: "Its header has “crit”. Only software that knows the extension may accept it." },
  key_not_found: { title: "No key fits this token", advice: "None of the keys has the “kid” of the header. Paste the issuer’s current JWK Set." },
  key_ambiguous: { title: "Several keys fit this token", advice: "Give each key in the set its own “kid”, or paste just the right one." },

  // The signature.
  signature_invalid: { title: "The signature is wrong", advice: "Another key signed this token, or somebody changed it. Do not believe a word of it." },
  decryption_failed: { title: "The token could not be decrypted", advice: "A server said so: its key is another one, or somebody changed the token. Sign in again." },

  // The claims, once the signature is good.
  payload_malformed: { title: "The claims cannot be read", advice: "The payload is not the JSON object that it must be. Ask who made the token." },
  type_mismatch: { title: "This is another type of token", advice: "Its “typ” is not the expected one. Use the token that is meant for this." },
  token_expired: { title: "The token has expired", advice: "It was good once. Get a new one: refresh, or sign in again." },
  token_not_yet_valid: { title: "The token is not valid yet", advice: "Wait until the time in “nbf”, or set this computer’s clock right." },
  token_issued_in_future: { title: "The token comes from the future", advice: "Its “iat” is ahead of this computer’s clock. Set the clock right, then try again." },
  token_too_old: { title: "The token is too old", advice: "It was issued longer ago than is allowed. Sign in again." },
  claim_missing: { title: "A claim is missing", advice: "Without “exp” a token would be good for ever. The issuer must add what is missing." },
  claim_malformed: { title: "A claim has the wrong form", advice: "A date must be a number of seconds, a name must be text. The issuer must put it right." },
  issuer_mismatch: { title: "Somebody else issued this token", advice: "Its “iss” is not the expected one. Use a token of the right issuer." },
  audience_mismatch: { title: "The token is meant for someone else", advice: "Its “aud” does not name this service. Ask for a token that does." },
  subject_mismatch: { title: "The token is about someone else", advice: "Its “sub” is not the expected one. Use that user’s own token." },
  token_revoked: { title: "The token was revoked", advice: "It is not accepted any more, though its time has not passed. Sign in again." },
  revocation_unknown: { title: "Nobody knows whether the token was revoked", advice: "The list of revoked tokens could not be read. Try again in a moment." },

  // Keys.
  key_malformed: { title: "The key cannot be read", advice: "Paste a secret as text, or a JWK or JWK Set as JSON. A PEM must be converted to a JWK first." },
  key_too_weak: { title: "The key is too short", advice: "A secret needs as many bytes as its hash: 32 for HS256, 48 for HS384, 64 for HS512. RSA needs 2048 bits." },
  key_unsupported: { title: "Keys of this kind are not supported", advice: "Use a secret, or an RSA, P-256, P-384, P-521 or Ed25519 key." },
  key_unusable: { title: "The key may not be used for this", advice: "Its “use”, “key_ops” or “alg” says so. Take the key that is meant for signatures." },
  key_algorithm_missing: { title: "The key does not say what it is for", advice: "Choose its algorithm in the list below the key." },
  key_duplicate: { title: "Two keys have the same “kid”", advice: "Nobody could tell which is meant. Remove one from the set." },
  key_set_malformed: { title: "The JWK Set cannot be used", advice: "It must be {\"keys\": […]} with a usable key in it, and must not mix secrets with public keys." },
  key_set_unavailable: { title: "The issuer’s keys could not be fetched", advice: "A server said so: the place where the keys are published does not answer. Try again in a moment." },
  host_required: { title: "The browser holds this key", advice: "Only the browser itself can use it: check the token asynchronously." },

  // What was asked for.
  policy_invalid: { title: "The rules contradict each other", advice: "No token could pass them with this key. Check the algorithm chosen for it." },
  claims_invalid: { title: "These claims cannot be put into a token", advice: "They must be one JSON object, with dates in seconds." },
  signing_failed: { title: "The signature could not be made", advice: "Try again. If it stays so, make a new key." },
  already_spent: { title: "This check was finished before", advice: bug },

  // The package and its module.
  not_ready: { title: "The checker is still loading", advice: "Wait for a moment, then try again." },
  load_failed: { title: "The checker could not be loaded", advice: "Is the server still running? Reload the page once it is. The server can check tokens without it." },
  module_trapped: { title: "The checker failed and was replaced", advice: "Try again. If the same token does it twice, please report it." },
  key_freed: { title: "The key is gone", advice: "Paste it again." },
  options_invalid: { title: "The check was asked for in the wrong way", advice: bug },
  length_invalid: { title: "That is too much text", advice: "A token or key has to fit into a mebibyte." },
  handle_invalid: { title: "The key was mislaid", advice: bug },
  handles_spent: { title: "Too many keys at once", advice: "Reload the page." },
  clock_invalid: { title: "This computer’s clock cannot be right", advice: "Set it to today’s date, then try again." },
  request_invalid: { title: "The check was asked for in the wrong way", advice: bug },
};
