// Requests exactly as written: no header is added but Host and the body's length.

import { request as send } from "node:http";

/** The header fields that the contract speaks of. */
const CONTRACT_HEADERS = ["allow", "content-type", "location", "retry-after", "set-cookie", "vary", "www-authenticate"];

/**
 * Sends a request and returns status, the contract's headers, body as text, and the body as JSON where it is JSON.
 *
 * @param {URL} url the service
 * @param {{method?: string, path: string, headers?: Record<string, string | string[]>, body?: string | Buffer, chunked?: boolean}} options
 */
export function exchange(url, { method = "GET", path, headers = {}, body, chunked = false }) {
  return new Promise((resolve, reject) => {
    const all = { ...headers };
    if (body !== undefined && !chunked) all["Content-Length"] = String(Buffer.byteLength(body));
    const request = send({ host: url.hostname, port: url.port, method, path, headers: all, agent: false }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part)).on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode, headers: contractHeaders(response.headers), body: text, json: parseJSON(text) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function contractHeaders(headers) {
  return Object.fromEntries(CONTRACT_HEADERS.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]));
}

function parseJSON(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A POST of JSON. */
export const post = (path, value, headers = {}) => ({
  method: "POST",
  path,
  headers: { "Content-Type": "application/json", ...headers },
  body: typeof value === "string" ? value : JSON.stringify(value),
});

/** A GET with an Authorization header. */
export const authorized = (path, authorization) => ({ path, headers: { Authorization: authorization } });
