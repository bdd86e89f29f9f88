import { jwtVerify } from "jose";

export const first = (secret, token) => jwtVerify(token, secret);
