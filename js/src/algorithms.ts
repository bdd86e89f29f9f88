/** The algorithms that tokens can be signed with. Ed25519 is the RFC 9864 name of EdDSA. */
export type Algorithm =
  | "HS256" | "HS384" | "HS512"
  | "RS256" | "RS384" | "RS512"
  | "PS256" | "PS384" | "PS512"
  | "ES256" | "ES384" | "ES512"
  | "EdDSA" | "Ed25519";

type SignatureParameters = AlgorithmIdentifier | RsaPssParams | EcdsaParams;

interface WebCryptoScheme {
  /** What importKey takes. */
  readonly key: AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams | HmacImportParams;
  /** What sign and verify take. */
  readonly signature: SignatureParameters;
  /** The length of every signature, where the algorithm alone decides it. */
  readonly signatureBytes?: number;
}

const hashes = { "256": "SHA-256", "384": "SHA-384", "512": "SHA-512" } as const;
const signatureBytes = { "256": 64, "384": 96, "512": 132 } as const; // of ECDSA: twice a coordinate
const curves = { "256": "P-256", "384": "P-384", "512": "P-521" } as const; // by the number in the algorithm's name

/** Returns how WebCrypto calls an algorithm. */
export function webCryptoScheme(algorithm: Algorithm): WebCryptoScheme {
  const size = algorithm.slice(2) as keyof typeof hashes;
  const hash = hashes[size];
  switch (algorithm.slice(0, 2)) {
    case "HS":
      return { key: { name: "HMAC", hash }, signature: { name: "HMAC" } };
    case "RS":
      return { key: { name: "RSASSA-PKCS1-v1_5", hash }, signature: { name: "RSASSA-PKCS1-v1_5" } };
    case "PS":
      // The salt is as long as the hash (RFC 7518 section 3.5).
      return { key: { name: "RSA-PSS", hash }, signature: { name: "RSA-PSS", saltLength: Number(size) / 8 } };
    case "ES":
      return { key: { name: "ECDSA", namedCurve: curves[size] }, signature: { name: "ECDSA", hash }, signatureBytes: signatureBytes[size] };
    default:
      return { key: { name: "Ed25519" }, signature: { name: "Ed25519" }, signatureBytes: 64 };
  }
}

/** Returns the algorithm that a CryptoKey is for, or undefined when it is for none. */
export function algorithmOf(key: CryptoKey): Algorithm | undefined {
  const { name, hash, namedCurve } = key.algorithm as { name: string; hash?: { name: string }; namedCurve?: string };
  const families: Record<string, string> = { HMAC: "HS", "RSASSA-PKCS1-v1_5": "RS", "RSA-PSS": "PS", ECDSA: "ES" };
  if (name === "Ed25519") return "EdDSA";
  const family = families[name];
  const [names, wanted] = name === "ECDSA" ? [curves, namedCurve] : [hashes, hash?.name];
  const size = Object.entries(names).find(([, known]) => known === wanted)?.[0];
  return family && size ? (`${family}${size}` as Algorithm) : undefined;
}

/** Reports whether the host has WebCrypto: it is missing outside secure contexts. */
export function hasWebCrypto(): boolean {
  return typeof crypto !== "undefined" && crypto.subtle !== undefined;
}
