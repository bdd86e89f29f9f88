import { ClientError } from "jeton/client";
import { NoAnswer, textOf, type Answer, type Silence } from "./api.js";
import type { Words } from "./words.js";

/** What the user was doing. */
export type Task = "sign-in" | "refresh" | "verify" | "me";

const silences: Record<Silence, Words> = {
  offline: { tone: "bad", title: "You are offline", advice: "Connect this computer to the network, then try again." },
  unreachable: {
    tone: "bad",
    title: "The server does not answer",
    advice: "It may have been stopped. Start it with “make run”, or see what it printed, then try again.",
  },
  "too-slow": {
    tone: "bad",
    title: "The server took too long",
    advice: "Nothing came for 30 seconds. It may be busy: wait a little, then try again.",
  },
  left: { tone: "info", title: "Stopped", advice: "You signed out meanwhile." },
};

const unauthorized: Record<Task, Words> = {
  "sign-in": {
    tone: "bad",
    title: "Wrong username or password",
    advice: "Capital letters matter. The server printed the demo user’s password when it started.",
  },
  refresh: {
    tone: "bad",
    title: "The refresh token is no longer accepted",
    advice: "It has expired, or the server has another key now. Sign in again.",
  },
  verify: { tone: "bad", title: "The server refuses this token", advice: "It has expired, or the server did not sign it." },
  me: { tone: "bad", title: "The access token is not accepted", advice: "The server refuses even a new one. Sign out and sign in again." },
};

/** Why a session is over that nobody ended. */
export const wordsForEnd = unauthorized.refresh;

/** Returns in words why something did not work. Anything else that was thrown is a bug here and thrown on. */
export function wordsForError(task: Task, error: unknown): Words {
  if (error instanceof NoAnswer) return silences[error.why];
  if (!(error instanceof ClientError)) throw error;
  switch (error.code) {
    case "network_failed":
      return silences[navigator.onLine ? "unreachable" : "offline"];
    case "not_signed_in":
    case "login_superseded":
    case "client_disposed":
      return silences.left;
    case "redirect_refused":
      return { tone: "bad", title: "The server sends the page elsewhere", advice: "A password or token goes to this server or nowhere. Is another program on this address?" };
    default:
      return wordsForStatus(task, error.status ?? 0, error.detail ?? sentences(error.fields));
  }
}

/** Returns in words why the server refused. */
export function wordsForRefusal(task: Task, answer: Answer): Words {
  const fields = typeof answer.body === "object" && answer.body !== null ? answer.body : undefined;
  return wordsForStatus(task, answer.status, textOf(answer, "detail") ?? sentences(fields));
}

function wordsForStatus(task: Task, status: number, said: string | undefined): Words {
  if (status === 401 || status === 403) return unauthorized[task];
  if (status === 400) {
    return { tone: "bad", title: "The server did not understand what was sent", advice: said ?? "Check what you typed, then try again." };
  }
  if (status === 404) {
    return { tone: "bad", title: "There is no such service here", advice: "The page must come from a Jeton server: start one with “make run”." };
  }
  if (status === 413) return { tone: "bad", title: "That is too much text", advice: "The server takes 64 KiB at most." };
  if (status === 429) return { tone: "bad", title: "Too many attempts", advice: "Wait a minute, then try again." };
  if (status === 503) {
    return { tone: "bad", title: "The server cannot reach its database", advice: "Try again in a moment. If it stays so, look at what the server printed." };
  }
  if (status >= 500) {
    return { tone: "bad", title: "The server failed", advice: `It answered with status ${status}. What it printed tells why.` };
  }
  return { tone: "bad", title: "That was no answer of a token server", advice: `The status was ${status}. Is another program on this address?` };
}

/** Django's errors of single fields, {"username": ["This field may not be blank."]}, as one text. */
function sentences(fields: object | undefined): string | undefined {
  const lines = Object.entries(fields ?? {}).map(([name, texts]) => `${name}: ${[texts].flat().join(" ")}`);
  return lines.length > 0 ? lines.join(" ") : undefined;
}
