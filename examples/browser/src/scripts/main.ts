import { watchExpiry } from "./expiry.js";
import { wordsForEnd } from "./refusals.js";
import { Session, type Tokens } from "./session.js";
import { everySecond } from "./ticker.js";
import { clockInWords } from "./times.js";
import type { Words } from "./words.js";
import { CheckPanel } from "./views/check-panel.js";
import { find } from "./views/dom.js";
import { loadEngine } from "./views/engine.js";
import { Inspector } from "./views/inspector.js";
import { MePanel } from "./views/me-panel.js";
import { SessionBar } from "./views/session-bar.js";
import { SignIn } from "./views/sign-in.js";
import { TokenCard } from "./views/token-card.js";

const session = new Session();
const signIn = new SignIn(session);
const bar = new SessionBar(session, () => void session.client.logout());
const cards = { access: new TokenCard("Access token", "access"), refresh: new TokenCard("Refresh token", "refresh") };
const inspector = new Inspector();
const check = new CheckPanel(session, inspector);
const me = new MePanel(session, (username) => bar.name(username));
const expiry = watchExpiry((words) => bar.say(words));

find(HTMLElement, "#tokens").append(cards.access.element, cards.refresh.element);

let open = false;
session.onChange((tokens, ended) => {
  const until = expiry.accessUntil();
  show(tokens);
  check.follow(tokens);
  if (tokens && !open) enter();
  if (!tokens) leave(ended === "logged_out" ? goodbye(until) : wordsForEnd);
});

function show(tokens: Tokens | undefined): void {
  void cards.access.show(tokens?.access ?? "");
  void cards.refresh.show(tokens?.refresh ?? "");
  void expiry.follow(tokens);
}

function enter(): void {
  open = true;
  signIn.hide();
  bar.open();
  me.ask();
}

/** Forgets everything, and says why. */
function leave(words: Words): void {
  open = false;
  bar.hide();
  inspector.clear();
  check.clear();
  me.clear();
  signIn.open(words);
}

/** The server keeps no session, so it has nothing to forget: a token is good until its time is over. */
function goodbye(until: number | undefined): Words {
  const copies = until === undefined ? "" : ` A copy of the access token would stay good until ${clockInWords(until)}.`;
  return { tone: "good", title: "You are signed out", advice: `This page has forgotten both tokens.${copies}` };
}

everySecond(() => {
  cards.access.tick();
  cards.refresh.tick();
  inspector.tick();
  expiry.tick();
});

void loadEngine();
