// What the two JavaScript Workers have in common: the database statements of the service they are held against, and its claims.

/** The answer to a token that is not good. */
export const refusal = { detail: "Token is invalid", code: "token_not_valid" };

/**
 * Runs the statements that the service runs for the same request, as they were recorded, and reports whether they found what they were
 * to find.
 */
export async function runStatements({ DB, STATEMENTS }) {
  for (const { sql, args, rows } of STATEMENTS) {
    if ((await DB.prepare(sql).bind(...args).raw()).length !== rows) return false;
  }
  return true;
}

/** The claims of an access token made from a refresh token, as the service writes them. */
export function accessClaims({ exp, iat, jti, token_type, ...kept }) {
  const now = Math.floor(Date.now() / 1000);
  return { token_type: "access", exp: now + 3600, iat: now, jti: crypto.randomUUID().replaceAll("-", ""), ...kept };
}
