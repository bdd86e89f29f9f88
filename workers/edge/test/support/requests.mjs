// What the service answers, request by request: the list that every build is held to.

import { randomUUID } from "node:crypto";
import { authorized, post } from "./http.mjs";
import { tampered, token, unsigned } from "./tokens.mjs";

const JSON_TYPE = "application/json";
const POST_ONLY = { allow: "POST, OPTIONS", "content-type": JSON_TYPE, vary: "Accept" };
const CHALLENGE = { "www-authenticate": 'Bearer realm="api"' };
const REFUSED = { ...POST_ONLY, ...CHALLENGE };
const ME = { allow: "GET, HEAD, OPTIONS", "content-type": JSON_TYPE, vary: "Accept" };

const required = (...fields) => Object.fromEntries(fields.map((field) => [field, ["This field is required."]]));
const detail = (text, code) => (code ? { detail: text, code } : { detail: text });
const invalidToken = detail("Token is invalid", "token_not_valid");

const OBTAIN = "/api/token/";
const REFRESH = "/api/token/refresh/";
const VERIFY = "/api/token/verify/";

/**
 * Returns the list. Each entry has a name, the request, and what is expected: status, headers, and the body as a value, as a regular
 * expression, or as exact text.
 *
 * @param {{secret: string, alice: {name: string, password: string}, sleeper: {name: string, password: string}, pair: {refresh: string,
 *   access: string}}} known the signing key, an active and an inactive user, and the tokens of a login
 */
export function requests(known) {
  return [...generic(), ...bodies(known), ...obtain(known), ...tokenEndpoints(known), ...protectedView(known), ...paths()];
}

function generic() {
  const methods = ["GET", "PUT", "PATCH", "DELETE"].map((method) => ({
    name: `${method} is not allowed`,
    request: { method, path: VERIFY },
    status: 405,
    headers: POST_ONLY,
    body: detail(`Method "${method}" not allowed.`),
  }));
  return [
    ...methods,
    { name: "HEAD is not allowed and has no body", request: { method: "HEAD", path: VERIFY }, status: 405, headers: POST_ONLY, text: "" },
    { name: "OPTIONS describes the view", request: { method: "OPTIONS", path: VERIFY }, status: 200, headers: POST_ONLY, body: /^\{"name":"Token Verify"/ },
    {
      name: "an Accept that nothing matches",
      request: { ...post(VERIFY, {}), headers: { "Content-Type": JSON_TYPE, Accept: "text/csv" } },
      status: 406,
      headers: POST_ONLY,
      body: detail("Could not satisfy the request Accept header."),
    },
    {
      name: "an Accept with a list",
      request: { ...post(VERIFY, {}), headers: { "Content-Type": JSON_TYPE, Accept: "text/csv, application/json;q=0.9" } },
      status: 400,
      headers: POST_ONLY,
      body: required("token"),
    },
    {
      name: "indented JSON",
      request: { ...post(VERIFY, {}), headers: { "Content-Type": JSON_TYPE, Accept: "application/json; indent=4" } },
      status: 400,
      text: '{\n    "token": [\n        "This field is required."\n    ]\n}',
    },
    { name: "an unknown format", request: post(`${VERIFY}?format=xml`, {}), status: 404, headers: POST_ONLY, body: detail("Not found.") },
    { name: "a known format", request: post(`${VERIFY}?format=json`, {}), status: 400, headers: POST_ONLY, body: required("token") },
  ];
}

function bodies({ pair }) {
  const typed = (type, body) => ({ method: "POST", path: VERIFY, headers: type === undefined ? {} : { "Content-Type": type }, body });
  const boundary = randomUUID();
  const multipart = `--${boundary}\r\nContent-Disposition: form-data; name="token"\r\n\r\n${pair.access}\r\n--${boundary}--\r\n`;
  const bad = (name, request, status, body) => ({ name, request, status, headers: POST_ONLY, body });
  const good = (name, request) => ({ name, request, status: 200, headers: POST_ONLY, text: "{}" });
  const notAnObject = (value, type) =>
    bad(`JSON that is of type ${type}`, post(VERIFY, value), 400, { non_field_errors: [`Invalid data. Expected a dictionary, but got ${type}.`] });
  return [
    bad("an unknown content type", typed("text/plain; charset=utf-8", "x"), 415, detail('Unsupported media type "text/plain; charset=utf-8" in request.')),
    bad("a body without a content type", typed(undefined, "x"), 415, detail('Unsupported media type "" in request.')),
    bad("an empty body of an unknown type", typed("text/plain", ""), 400, required("token")),
    bad("no body", { method: "POST", path: VERIFY }, 400, required("token")),
    good("JSON", post(VERIFY, { token: pair.access })),
    good("JSON with a charset", typed("application/json; charset=utf-8", JSON.stringify({ token: pair.access }))),
    good("JSON in chunks", { ...post(VERIFY, { token: pair.access }), chunked: true }),
    good("a form", typed("application/x-www-form-urlencoded", new URLSearchParams({ token: pair.access }).toString())),
    good("a form, the last of a name", typed("application/x-www-form-urlencoded", `token=x&token=${pair.access}`)),
    good("multipart", typed(`multipart/form-data; boundary=${boundary}`, multipart)),
    bad("multipart without a boundary", typed("multipart/form-data", multipart), 400, /^\{"detail":"Multipart form parse error - /),
    bad("JSON that is nothing", post(VERIFY, "nonsense"), 400, detail("JSON parse error - Expecting value: line 1 column 1 (char 0)")),
    bad("JSON cut short", post(VERIFY, "{"), 400, /^\{"detail":"JSON parse error - /),
    bad("JSON with more behind it", post(VERIFY, "{} {}"), 400, /^\{"detail":"JSON parse error - Extra data: /),
    bad("NaN", post(VERIFY, '{"token":NaN}'), 400, /^\{"detail":"JSON parse error - /),
    bad("bytes that are no UTF-8", typed(JSON_TYPE, Buffer.from([0x22, 0xff, 0x22])), 400, /^\{"detail":"JSON parse error - /),
    notAnObject("[]", "list"),
    notAnObject('"text"', "str"),
    notAnObject("5", "int"),
    notAnObject("5.5", "float"),
    notAnObject("true", "bool"),
    bad("JSON null", post(VERIFY, "null"), 400, { non_field_errors: ["No data provided"] }),
    bad("a body of 64 KiB", post(VERIFY, "x".repeat(64 * 1024)), 400, /^\{"detail":"JSON parse error - /),
    bad("a body over 64 KiB", post(VERIFY, "x".repeat(64 * 1024 + 1)), 413, detail("Request body too large.")),
    bad("a larger body in chunks", { ...post(VERIFY, "x".repeat(200 * 1024)), chunked: true }, 413, detail("Request body too large.")),
    bad("a field that is null", post(VERIFY, { token: null }), 400, { token: ["This field may not be null."] }),
    bad("a field that is blank", post(VERIFY, { token: "  " }), 400, { token: ["This field may not be blank."] }),
    bad("a field that is no text", post(VERIFY, { token: [1] }), 400, { token: ["Not a valid string."] }),
    bad("a field with a NUL", post(VERIFY, { token: "a\0" }), 400, { token: ["Null characters are not allowed."] }),
    bad("a field with a lone surrogate", post(VERIFY, '{"token":"\\ud800"}'), 400, { token: ["Surrogate characters are not allowed: U+D800."] }),
  ];
}

function obtain({ alice, sleeper }) {
  const refusal = detail("No active account found with the given credentials");
  const refused = (name, username, password) => ({ name, request: post(OBTAIN, { username, password }), status: 401, headers: REFUSED, body: refusal });
  const welcome = (name, request) => ({ name, request, status: 200, headers: POST_ONLY, body: /^\{"refresh":"TOKEN","access":"TOKEN"\}$/ });
  return [
    welcome("a login", post(OBTAIN, { username: alice.name, password: alice.password })),
    welcome("a login with space around its fields", post(OBTAIN, { username: ` ${alice.name} `, password: `${alice.password}\n` })),
    welcome("a login with an Authorization header that is no good", post(OBTAIN, { username: alice.name, password: alice.password }, { Authorization: "Bearer x" })),
    refused("a wrong password", alice.name, `${alice.password}x`),
    refused("an unknown user", randomUUID(), alice.password),
    refused("a username in another case", alice.name.toUpperCase(), alice.password),
    refused("an inactive user", sleeper.name, sleeper.password),
    refused("a username that would be SQL", "' OR 1=1 --", alice.password),
    { name: "no fields", request: post(OBTAIN, {}), status: 400, headers: POST_ONLY, text: '{"username":["This field is required."],"password":["This field is required."]}' },
  ];
}

function tokenEndpoints({ secret, pair }) {
  const past = Math.floor(Date.now() / 1000) - 60;
  const refused = (name, path, field, value, body) => ({ name: `${path}: ${name}`, request: post(path, { [field]: value }), status: 401, headers: REFUSED, body });
  const each = (path, field) => [
    refused("nonsense", path, field, "nonsense", invalidToken),
    refused("tampered", path, field, tampered(pair.refresh), invalidToken),
    refused("signed with another key", path, field, token(`${secret}x`, { token_type: "refresh" }), invalidToken),
    refused("unsigned", path, field, unsigned({ token_type: "refresh", exp: past + 3600, jti: "x", user_id: "1" }), invalidToken),
    refused("expired", path, field, token(secret, { token_type: "refresh", exp: past }), detail("Token is expired", "token_not_valid")),
    refused("without exp", path, field, token(secret, { token_type: "refresh", exp: undefined }), detail("Token has no 'exp' claim", "token_not_valid")),
    refused("without jti", path, field, token(secret, { token_type: "refresh", jti: undefined }), detail("Token has no id", "token_not_valid")),
  ];
  const gone = detail("No active account found for the given token.");
  return [
    ...each(REFRESH, "refresh"),
    ...each(VERIFY, "token"),
    { name: "a refresh", request: post(REFRESH, { refresh: pair.refresh }), status: 200, headers: POST_ONLY, body: /^\{"access":"TOKEN"\}$/ },
    { name: "verify takes a refresh token", request: post(VERIFY, { token: pair.refresh }), status: 200, headers: POST_ONLY, text: "{}" },
    { name: "no refresh token", request: post(REFRESH, {}), status: 400, headers: POST_ONLY, body: required("refresh") },
    refused("an access token", REFRESH, "refresh", pair.access, detail("Token has wrong type", "token_not_valid")),
    refused("without a type", REFRESH, "refresh", token(secret, { token_type: undefined }), detail("Token has no type", "token_not_valid")),
    refused("an inactive user's", REFRESH, "refresh", token(secret, { token_type: "refresh", user_id: "2" }), gone),
    refused("a user's who is gone", REFRESH, "refresh", token(secret, { token_type: "refresh", user_id: "999" }), gone),
    refused("a user's whose ID is no number", REFRESH, "refresh", token(secret, { token_type: "refresh", user_id: "abc" }), gone),
  ];
}

function protectedView({ secret, alice, pair }) {
  const path = "/api/me/";
  const headers = { ...ME, ...CHALLENGE };
  const anonymous = detail("Authentication credentials were not provided.");
  const twoParts = detail("Authorization header must contain two space-delimited values", "bad_authorization_header");
  const notValid = (message) => ({
    ...detail("Given token not valid for any token type", "token_not_valid"),
    messages: [{ token_class: "AccessToken", token_type: "access", message }],
  });
  const refused = (name, authorization, body) => ({ name: `/api/me/: ${name}`, request: authorized(path, authorization), status: 401, headers, body });
  const user = { id: "1", username: alice.name, email: "alice@example.com", first_name: "", last_name: "" };
  return [
    { name: "/api/me/", request: authorized(path, `Bearer ${pair.access}`), status: 200, headers: ME, body: user },
    { name: "/api/me/: space in the header", request: authorized(path, `Bearer   ${pair.access}`), status: 200, headers: ME, body: user },
    { name: "/api/me/: no token", request: { path }, status: 401, headers, body: anonymous },
    { name: "/api/me/: POST without a token", request: post(path, {}), status: 401, headers, body: anonymous },
    { name: "/api/me/: POST with one", request: post(path, {}, { Authorization: `Bearer ${pair.access}` }), status: 405, headers: ME, body: detail('Method "POST" not allowed.') },
    refused("another scheme", "Basic eDp5", anonymous),
    refused("the scheme in another case", `bearer ${pair.access}`, anonymous),
    refused("the scheme alone", "Bearer", twoParts),
    refused("three parts", `Bearer ${pair.access} x`, twoParts),
    refused("a list of two tokens", `Bearer ${pair.access}, Bearer ${pair.access}`, twoParts),
    refused("a comma behind the token", `Bearer ${pair.access},x`, notValid("Token is invalid")),
    refused("a refresh token", `Bearer ${pair.refresh}`, notValid("Token has wrong type")),
    refused("an expired token", `Bearer ${token(secret, { exp: 1 })}`, notValid("Token is expired")),
    refused("a user who is gone", `Bearer ${token(secret, { user_id: "999" })}`, detail("User not found", "user_not_found")),
    refused("an inactive user", `Bearer ${token(secret, { user_id: "2" })}`, detail("User is inactive", "user_inactive")),
    refused("no user", `Bearer ${token(secret, { user_id: undefined })}`, detail("Token contained no recognizable user identification", "token_not_valid")),
  ];
}

function paths() {
  const html = { "content-type": "text/html; charset=utf-8" };
  return [
    {
      name: "a path that is no endpoint",
      request: { path: "/api/nowhere/" },
      status: 404,
      headers: { "content-type": JSON_TYPE, vary: "Accept" },
      body: detail("Not found."),
    },
    { name: "an endpoint without its slash", request: { path: "/api/me?a=b" }, status: 301, headers: { ...html, location: "/api/me/?a=b" } },
    { name: "an endpoint with an escaped slash", request: { path: "/api/me%2F" }, status: 401 },
    { name: "a path that is not well escaped", request: { path: "/api/%C0%80/" }, status: 404 },
  ];
}
