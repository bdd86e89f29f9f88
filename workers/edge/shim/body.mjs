// The request's body, up to a cap.

/** The largest body that is served, in bytes. The module says 413 when it gets one byte more. */
export const MAXIMUM_BODY = 64 * 1024;

/** Reads the body, but no more than one byte over MAXIMUM_BODY. Rejects when the client goes away meanwhile. */
export async function readBody(request) {
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const parts = [];
  let length = 0;
  while (length <= MAXIMUM_BODY) {
    const { done, value } = await reader.read();
    if (done) return join(parts, length);
    parts.push(value);
    length += value.length;
  }
  reader.cancel().catch(() => {});
  return join(parts, length).subarray(0, MAXIMUM_BODY + 1);
}

function join(parts, length) {
  if (parts.length === 1) return parts[0];
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
