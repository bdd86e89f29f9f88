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

/** How WebCrypto calls a family of algorithms, by the first two letters of their names. */
const families = { HS: "HMAC", RS: "RSASSA-PKCS1-v1_5", PS: "RSA-PSS", ES: "ECDSA", Ed: "Ed25519" } as const;
const hashes = { "256": "SHA-256", "384": "SHA-384", "512": "SHA-512" } as const;
const signatureBytes = { "256": 64, "384": 96, "512": 132 } as const; // of ECDSA: twice a coordinate
const curves = { "256": "P-256", "384": "P-384", "512": "P-521" } as const; // by the number in the algorithm's name

/** Returns how WebCrypto calls an algorithm. */
export function webCryptoScheme(algorithm: Algorithm): WebCryptoScheme {
  const name = families[algorithm.slice(0, 2) as keyof typeof families];
  const size = algorithm.slice(2) as keyof typeof hashes;
  const hash = hashes[size];
  switch (name) {
    case "ECDSA":
      return { key: { name, namedCurve: curves[size] }, signature: { name, hash }, signatureBytes: signatureBytes[size] };
    case "RSA-PSS":
      // The salt is as long as the hash (RFC 7518 section 3.5).
      return { key: { name, hash }, signature: { name, saltLength: Number(size) / 8 } };
    case "Ed25519":
      return { key: { name }, signature: { name }, signatureBytes: 64 };
    default:
      return { key: { name, hash }, signature: { name } };
  }
}

/** Returns the algorithm that a CryptoKey is for, or undefined when it is for none. */
export function algorithmOf(key: CryptoKey): Algorithm | undefined {
  const { name, hash, namedCurve } = key.algorithm as { name: string; hash?: { name: string }; namedCurve?: string };
  if (name === "Ed25519") return "EdDSA";
  const family = keyOf(families, name);
  const size = name === "ECDSA" ? keyOf(curves, namedCurve) : keyOf(hashes, hash?.name);
  return family && size ? (`${family}${size}` as Algorithm) : undefined;
}

function keyOf(names: Readonly<Record<string, string>>, wanted: string | undefined): string | undefined {
  return Object.keys(names).find((key) => names[key] === wanted);
}

/** Reports whether the host has WebCrypto: it is missing outside secure contexts. */
export function hasWebCrypto(): boolean {
  return typeof crypto !== "undefined" && crypto.subtle !== undefined;
}
