// What the blocks in MOVING-FROM-JOSE.md find there.
declare const secret: string;
declare const hmacToken: string;
declare const expiredToken: string;
declare const token: string;
declare const publicPEM: string;
declare const publicJWK: { kty: string; kid: string };
declare const privateJWK: { kty: string; kid: string };
declare const jwks: { keys: { kty: string; kid: string }[] };

declare module "node:crypto" {
  export function createPublicKey(pem: string): { export(options: { format: "jwk" }): JsonWebKey };
}
