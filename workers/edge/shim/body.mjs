// Bodies, up to a cap.

/** The largest body that is served, in bytes. The module says 413 when it gets one byte more. */
export const MAXIMUM_BODY = 64 * 1024;

/**
 * Reads the body of a request or a response, but no more than one byte over `maximum`. Rejects when the other side goes away meanwhile.
 *
 * @param {Request | Response} message
 */
export async function readBody(message, maximum = MAXIMUM_BODY) {
  if (!message.body) return new Uint8Array();
  const reader = message.body.getReader();
  const parts = [];
  let length = 0;
  while (length <= maximum) {
    const { done, value } = await reader.read();
    if (done) return join(parts, length);
    parts.push(value);
    length += value.length;
  }
  reader.cancel().catch(() => {});
  return join(parts, length).subarray(0, maximum + 1);
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
