// What an empty conversation shows: what this is, three questions that the library answers, how to add documents.

import { byId, el } from "./dom.js";
import { get } from "./api.js";
import { documentCount } from "./library.js";
import { href } from "./route.js";
import { ready } from "./status.js";
import { S } from "./strings.js";

const EVERY_MS = 1500;
const MOST_TRIES = 20;

let suggestions = null;
let asking = false;

/** Draws the welcome; `ask` is called with a suggested question. */
export function drawWelcome(ask) {
  const count = documentCount();
  const place = byId("welcome");
  const empty = count === 0;
  place.replaceChildren(
    el("p", { class: "greeting" }, empty ? S.emptyTitle : S.welcome),
    el("p", { class: "hint" }, empty ? S.emptyMore : count === null ? "" : S.welcomeMore(count)),
    empty ? "" : suggested(ask),
    el(
      "section",
      { class: "own" },
      el("h2", {}, S.addOwn),
      el("p", {}, S.addOwnMore, " ", el("code", {}, S.addOwnCommand), "."),
      empty ? el("a", { class: "main-button", href: href({ view: "library" }) }, S.addDocuments) : null,
    ),
  );
  if (count) fetchSuggestions(ask);
}

/** Asks for suggestions anew, as after the library changed. */
export function forgetSuggestions() {
  suggestions = null;
}

function suggested(ask) {
  const items = (suggestions ?? []).map(({ question, title }) =>
    el("li", {}, el("button", { type: "button", onclick: () => ask(question) }, el("span", { class: "question", dir: "auto" }, question), el("span", { class: "of", dir: "auto" }, S.suggestedFrom(title)))),
  );
  return el(
    "section",
    { class: "suggested" },
    items.length ? [el("h2", {}, S.suggestions), el("ul", {}, items)] : suggestions ? "" : el("p", { class: "hint" }, S.findingSuggestions),
  );
}

/** Asks for suggestions. The server looks for them in the background: they may take it a while after it has started. */
async function fetchSuggestions(ask) {
  if (suggestions || asking) return;
  asking = true;
  let found = [];
  for (let tries = 0; tries < MOST_TRIES && !found.length; tries += 1) {
    if (tries) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    try {
      await ready();
      found = (await get("/api/suggestions")).suggestions;
    } catch {
      break; // the page is no worse for it: the box is ready
    }
  }
  suggestions = found;
  asking = false;
  byId("welcome").querySelector(".suggested")?.replaceWith(suggested(ask));
}
