// Whether the server can answer: getting ready, gone, back. Nothing here waits for ever, and everything says what to do.

import { byId, el } from "./dom.js";
import { call, Gone } from "./api.js";
import { say, sentence } from "./live.js";
import { S } from "./strings.js";

const READY_EVERY_MS = 700;
const BACK_EVERY_MS = [1000, 1000, 2000, 3000, 5000];
const LONG_MS = 60_000;

let state = "unknown"; // unknown, waiting, ready, gone
const waiting = [];
let checking = false;

export const isReady = () => state === "ready";

/** Waits until questions can be answered. Raises Gone where the server is gone, or goes meanwhile. */
export function ready() {
  if (state === "ready") return Promise.resolve();
  if (state === "gone") return Promise.reject(new Gone());
  check();
  return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
}

/** Looks until the server is ready, more and more seldom while it is gone. */
export async function check() {
  if (checking) return;
  checking = true;
  const since = Date.now();
  for (let tries = 0; ; tries += 1) {
    const [now, hint] = await look();
    become(now, hint, Date.now() - since);
    if (now === "ready") break;
    const pause = now === "waiting" ? READY_EVERY_MS : BACK_EVERY_MS[Math.min(tries, BACK_EVERY_MS.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  checking = false;
}

async function look() {
  try {
    await call("GET", "/readyz");
    return ["ready", ""];
  } catch (error) {
    return error.status ? ["waiting", error.hint] : ["gone", ""];
  }
}

function become(now, hint, milliseconds) {
  const before = state;
  state = now;
  const banner = byId("banner");
  if (now === "ready") {
    banner.hidden = true;
    if (before === "gone") {
      say(S.back);
      document.dispatchEvent(new CustomEvent("server-back"));
    }
    for (const { resolve } of waiting.splice(0)) resolve();
    return;
  }
  if (now === "gone") for (const { reject } of waiting.splice(0)) reject(new Gone());
  const [title, more] = wording(now, hint, milliseconds);
  if (banner.textContent !== `${title} ${more}`) banner.replaceChildren(el("strong", {}, title), " ", more);
  banner.className = now;
  banner.hidden = false;
}

function wording(now, hint, milliseconds) {
  if (now === "waiting") return milliseconds > LONG_MS ? [S.notReadyLong, sentence(hint)] : [S.notReady, ""];
  return navigator.onLine || /^(127\.|localhost|\[::1\])/.test(location.hostname) ? [S.gone, S.goneHint] : [S.offline, ""];
}

/** Listens for a server that is gone or a line that is back. */
export function watchServer() {
  document.addEventListener("server-gone", () => {
    if (checking) return;
    become("gone", "", 0);
    check();
  });
  addEventListener("online", check);
  addEventListener("offline", check);
  addEventListener("focus", check);
  check();
}
