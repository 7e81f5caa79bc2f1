// What an empty conversation shows: what this is, three questions that the library answers, how to add documents.

import { byId, el } from "./dom.js";
import { get } from "./api.js";
import { documentCount } from "./library.js";
import { href } from "./route.js";
import { ready } from "./status.js";
import { S } from "./strings.js";

let suggestions = null;
let asking = null;

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

async function fetchSuggestions(ask) {
  if (suggestions || asking) return;
  asking = (async () => {
    await ready();
    try {
      ({ suggestions } = await get("/api/suggestions"));
    } catch {
      suggestions = []; // the page is no worse for it: the box is ready
    }
  })();
  await asking;
  asking = null;
  byId("welcome").querySelector(".suggested")?.replaceWith(suggested(ask));
}
