/** Which server is talked to: what its endpoints are called and what its answers look like. */
export type DialectName = "simplejwt" | "drf-jwt";

/** The addresses of the endpoints, relative to the client's url. */
export interface Paths {
  readonly login: string;
  readonly refresh: string;
  readonly verify: string;
  /** Where logout() hands the tokens in; without it logout() asks no server. */
  readonly logout?: string;
}

/** All that differs between the two servers. What is not here is the same. */
export interface Dialect {
  readonly paths: Paths;
  /** The word before the token in the header. */
  readonly headerPrefix: string;
  /** The members of an answer that hold the token for calls and the token for refreshing, which may be the same one. */
  readonly accessMember: string;
  readonly refreshMember: string;
  /** The statuses by which the refresh endpoint says that the token is no good, not that something failed. */
  readonly refreshRefusals: readonly number[];
  /** Whether an expired token cannot be refreshed any more, so that waiting for the next call would lose the session. */
  readonly refreshesAlive: boolean;
  /** Whether the logout endpoint wants the caller authenticated. */
  readonly logoutAuthorized: boolean;
}

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  // djangorestframework-simplejwt, and Jeton: a pair of tokens.
  simplejwt: {
    paths: { login: "api/token/", refresh: "api/token/refresh/", verify: "api/token/verify/" },
    headerPrefix: "Bearer",
    accessMember: "access",
    refreshMember: "refresh",
    refreshRefusals: [401],
    refreshesAlive: false,
    logoutAuthorized: false,
  },
  // djangorestframework-jwt and drf-jwt: one token, which renews itself while it lives. They answer 200 or 201, and refuse with 400.
  "drf-jwt": {
    paths: { login: "api-token-auth/", refresh: "api-token-refresh/", verify: "api-token-verify/" },
    headerPrefix: "JWT",
    accessMember: "token",
    refreshMember: "token",
    refreshRefusals: [400, 401],
    refreshesAlive: true,
    logoutAuthorized: true,
  },
};
