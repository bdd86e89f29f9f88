/** The bindings of the Worker. `D1Database`, `RateLimit` and `ExecutionContext` are types of the platform (@cloudflare/workers-types). */
export interface Env {
  /** The users: Django's table auth_user. Without it every request that needs a user is answered with 503. */
  DB: D1Database;
  /** A secret: the key that signs tokens, as text for HMAC (32 bytes or more for HS256) and as a private JWK for other algorithms. */
  JETON_SIGNING_KEY?: string;
  /** A secret: Django's SECRET_KEY, used where neither JETON_SIGNING_KEY nor the settings give a key. */
  SECRET_KEY?: string;
  /** Settings under Django's names, as JSON or parsed: `{"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": 300}}`. */
  JETON_CONFIG?: string | Record<string, unknown>;
  /** Rate limiting bindings, by the scopes of throttling: `JETON_THROTTLE_LOGIN`. */
  [limiter: `JETON_THROTTLE_${string}`]: RateLimit | undefined;
}

declare const worker: {
  /** Answers one request. Never rejects. */
  fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response>;
};

export default worker;
