import { JetonError } from "../errors.js";
import { checkNames, seconds, type Duration } from "../options.js";
import { dialects, type Dialect, type DialectName, type Paths } from "./dialects.js";
import { pageAddress } from "./host.js";
import { namedStorage, type StorageName, type TokenStorage } from "./storage.js";

/** What createClient takes. Only url and dialect are required. */
export interface ClientOptions {
  /**
   * The address of the server, or of a page's own server "/". Tokens and passwords go to its origin only, and relative addresses are
   * relative to it.
   */
  url: string | URL;
  /** "simplejwt" for Jeton and djangorestframework-simplejwt, "drf-jwt" for djangorestframework-jwt and drf-jwt. */
  dialect: DialectName;
  /** Other paths of the endpoints. `logout` has no default: "api/token/blacklist/" for simplejwt with its blacklist. */
  paths?: Partial<Paths>;
  /** The word before the token: "Bearer" for simplejwt and "JWT" for drf-jwt by default. "" for none. */
  headerPrefix?: string;
  /** The header that carries the token: "Authorization" by default. */
  headerName?: string;
  /** What the server calls the username: "username" by default; "email" is common. */
  usernameField?: string;
  /** Where the session is kept. "memory" by default: a script injected into the page cannot read it, and a reload signs out. */
  storage?: StorageName | TokenStorage;
  /** What the session is called in the storage and among tabs. By default one name for each url. */
  storageKey?: string;
  /** The server keeps the tokens in HttpOnly cookies: no token comes into script, and calls go with credentials. */
  cookies?: boolean;
  /** How long before its expiry a token is renewed: 30 seconds by default, 90 with autoRefresh; never more than half of its life. */
  refreshMargin?: Duration;
  /** Renew by a timer, also when no call is made. By default only for drf-jwt, whose token cannot be renewed once it has expired. */
  autoRefresh?: boolean;
  /** How long a token lives of which it cannot be read: in cookies, or without exp. Without it such a token is renewed after a 401. */
  accessLifetime?: Duration;
  /** How long the token endpoints may take: 30 seconds by default. */
  timeout?: Duration;
  /** What makes the requests: the global fetch by default. */
  fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

/** The options after checking, with the defaults filled in. */
export interface Settings {
  readonly url: URL;
  readonly dialect: Dialect;
  readonly addresses: { readonly login: URL; readonly refresh: URL; readonly verify: URL; readonly logout: URL | undefined };
  readonly headerPrefix: string;
  readonly headerName: string;
  readonly usernameField: string;
  readonly storage: TokenStorage;
  readonly storageKey: string;
  readonly cookies: boolean;
  /** Milliseconds, as all times inside the client; only timeout is in seconds. */
  readonly refreshMargin: number;
  readonly autoRefresh: boolean;
  readonly accessLifetime: number | undefined;
  readonly timeout: number;
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

const known = [
  "url", "dialect", "paths", "headerPrefix", "headerName", "usernameField", "storage", "storageKey", "cookies", "refreshMargin", "autoRefresh",
  "accessLifetime", "timeout", "fetch",
];

/** Checks the options. A name that does not exist, or a value that could not work, is an error now and not at the first call. */
export function settingsOf(options: ClientOptions): Settings {
  checkNames(options, known);
  if (typeof options.dialect !== "string" || !Object.hasOwn(dialects, options.dialect)) {
    refuse('the option "dialect" is neither "simplejwt" nor "drf-jwt"');
  }
  const dialect = dialects[options.dialect];
  const url = serverAddress(options.url);
  const cookies = flag(options, "cookies", false);
  const autoRefresh = flag(options, "autoRefresh", dialect.refreshesAlive);
  return {
    url,
    dialect,
    addresses: addressesOf(url, dialect, options.paths === undefined ? {} : options.paths),
    headerPrefix: text(options, "headerPrefix", dialect.headerPrefix, /^[!#$%&'*+.^_`|~\w-]*$/),
    headerName: text(options, "headerName", "Authorization", /^[!#$%&'*+.^_`|~\w-]+$/),
    usernameField: text(options, "usernameField", "username", /./),
    // With cookies it holds times, and no token.
    storage: storageOf(options.storage === undefined ? (cookies ? "localStorage" : "memory") : options.storage),
    storageKey: text(options, "storageKey", `jeton ${url.href}`, /./),
    cookies,
    // Browsers delay the timers of hidden tabs by up to a minute.
    refreshMargin: duration(options.refreshMargin === undefined ? (autoRefresh ? 90 : 30) : options.refreshMargin, 0, "refreshMargin") * 1000,
    autoRefresh,
    accessLifetime: options.accessLifetime === undefined ? undefined : duration(options.accessLifetime, 1, "accessLifetime") * 1000,
    timeout: duration(options.timeout === undefined ? 30 : options.timeout, 0.001, "timeout"),
    fetch: fetchOf(options) ?? ((input, init) => globalThis.fetch(input, init)), // looked up late: it may be replaced
  };
}

function serverAddress(value: unknown): URL {
  let url: URL;
  try {
    url = new URL(String(value), pageAddress());
  } catch {
    refuse('the option "url" is no address; outside a page it must be a whole one, such as "https://api.example"');
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") refuse('the option "url" is neither https: nor http:');
  if (url.username !== "" || url.password !== "") refuse('the option "url" holds a username or password');
  url.search = url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function addressesOf(url: URL, dialect: Dialect, own: Partial<Paths>): Settings["addresses"] {
  checkNames(own, ["login", "refresh", "verify", "logout"]);
  const address = (path: unknown): URL => {
    if (typeof path !== "string" || path === "") refuse("a path is empty, or no text");
    const resolved = new URL(path, url);
    if (resolved.origin !== url.origin) refuse('a path leads to another origin than the option "url"');
    return resolved;
  };
  const paths = { ...dialect.paths, ...own };
  return {
    login: address(paths.login),
    refresh: address(paths.refresh),
    verify: address(paths.verify),
    logout: paths.logout === undefined ? undefined : address(paths.logout),
  };
}

function storageOf(value: StorageName | TokenStorage): TokenStorage {
  if (value === "memory" || value === "localStorage" || value === "sessionStorage") return namedStorage(value);
  const methods = ["getItem", "setItem", "removeItem"] as const;
  if (typeof value !== "object" || value === null || methods.some((name) => typeof value[name] !== "function")) {
    refuse('the option "storage" is neither "memory", "localStorage", "sessionStorage" nor an object with getItem, setItem and removeItem');
  }
  return value;
}

function fetchOf({ fetch }: ClientOptions): ClientOptions["fetch"] {
  if (fetch !== undefined && typeof fetch !== "function") refuse('the option "fetch" is no function');
  return fetch;
}

function text(options: ClientOptions, name: "headerPrefix" | "headerName" | "usernameField" | "storageKey", preset: string, form: RegExp): string {
  const value: unknown = options[name] === undefined ? preset : options[name];
  if (typeof value !== "string" || !form.test(value)) refuse(`the option "${name}" cannot be used`);
  return value;
}

function flag(options: ClientOptions, name: "cookies" | "autoRefresh", preset: boolean): boolean {
  const value: unknown = options[name] === undefined ? preset : options[name];
  if (typeof value !== "boolean") refuse(`the option "${name}" is neither true nor false`);
  return value;
}

function duration(value: Duration, least: number, name: string): number {
  const length = seconds(value);
  if (length < least) refuse(`the option "${name}" is too short`);
  return length;
}

function refuse(message: string): never {
  throw new JetonError("options_invalid", message);
}
