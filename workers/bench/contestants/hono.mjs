// The two endpoints with Hono and its JWT helper.

import { Hono } from "hono";
import { sign, verify } from "hono/jwt";
import { accessClaims, refusal, runStatements } from "./service.mjs";

const app = new Hono();

/** The claims of a good token, or undefined. */
const claimsOf = (token, key) => verify(token, key, "HS256").catch(() => undefined);

app.post("/api/token/verify/", async (c) => {
  const { token } = await c.req.json();
  return (await claimsOf(token, c.env.JETON_SIGNING_KEY)) ? c.json({}) : c.json(refusal, 401);
});

app.post("/api/token/refresh/", async (c) => {
  const { refresh } = await c.req.json();
  const claims = await claimsOf(refresh, c.env.JETON_SIGNING_KEY);
  if (claims?.token_type !== "refresh" || !(await runStatements(c.env))) return c.json(refusal, 401);
  return c.json({ access: await sign(accessClaims(claims), c.env.JETON_SIGNING_KEY, "HS256") });
});

export default app;
