import { importKey, verify } from "jeton/full";

export const first = async (secret, token) => verify(token, await importKey(secret, "HS256"));
