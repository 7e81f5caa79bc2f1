// The folded line under an answer: what was searched, in which documents, what was considered, how long it took.
//
// The API keeps neither filters nor passages with a turn; what the page saw of them lasts as long as its tab.

import { el } from "./dom.js";
import { get } from "./api.js";
import { passage } from "./answer.js";
import { filterWords, parametersOf } from "./filters.js";
import { complain } from "./live.js";
import { here, href } from "./route.js";
import { S } from "./strings.js";

const KEEP = 40;
const PREFIX = "searched:";

/** Keeps what was searched for a turn, and drops what is oldest. */
export function keepSearched(turnId, searched) {
  try {
    sessionStorage.setItem(PREFIX + turnId, JSON.stringify({ ...searched, at: Date.now() }));
    const kept = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    const ages = kept.map((key) => [JSON.parse(sessionStorage.getItem(key)).at, key]).sort();
    for (const [, key] of ages.slice(0, Math.max(0, ages.length - KEEP))) sessionStorage.removeItem(key);
  } catch {
    // a full or forbidden store: the line then says that the passages are not kept
  }
}

/** What is kept of a turn, or null. */
export function keptSearched(turnId) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + turnId));
  } catch {
    return null;
  }
}

/** The fold; it is filled when it is first opened. */
export function searchedFold(answer) {
  const fold = el("details", { class: "searched" }, el("summary", {}, S.searched));
  fold.addEventListener("toggle", () => {
    if (fold.open && fold.children.length === 1) fold.append(content(answer));
  });
  return fold;
}

function content(answer) {
  if (!answer.searched_for) return el("p", { class: "hint" }, S.nothingSearched);
  const kept = keptSearched(answer.turn_id);
  const facts = [
    [S.searchedFor, el("q", { dir: "auto" }, answer.searched_for)],
    kept ? [S.filters, filterWords(kept.filters).join(" · ") || S.noFilters] : null,
    answer.answered ? [S.answeredBy, S.writers[answer.answerer] ?? answer.answerer] : null,
    [S.timings, S.timed(answer.timings.retrieve_ms ?? 0, answer.timings.answer_ms ?? 0)],
  ].filter(Boolean);
  return el(
    "div",
    {},
    el("dl", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("h3", {}, S.considered),
    kept ? passages(kept.hits) : again(answer),
  );
}

function again(answer) {
  const place = el("div", {}, el("p", { class: "hint" }, S.consideredLost), " ");
  const button = el("button", { type: "button", class: "plain", onclick: () => searchInto(place, answer.question, null) }, S.passagesNow);
  place.append(button);
  return place;
}

/** Puts what a search finds into a place of the page. */
export async function searchInto(place, words, filters) {
  place.replaceChildren(el("p", { class: "hint" }, S.searching));
  try {
    const { hits } = await get("/api/search", { q: words, k: 10, ...parametersOf(filters) });
    place.replaceChildren(el("p", { class: "hint", tabindex: "-1" }, S.found(hits.length)), passages(hits));
  } catch (error) {
    complain(error);
    place.replaceChildren(el("button", { type: "button", class: "plain", onclick: () => searchInto(place, words, filters) }, S.tryAgain));
  }
}

/** Passages with their scores and where each came from, as links that open them in their place. */
export function passages(hits) {
  const items = hits.map((hit) => {
    const link = href({ ...here(), cite: null, doc: hit.document_id, at: `${hit.start}-${hit.end}`, version: hit.content_hash });
    const origins = el("span", { class: "score" }, S.score(hit.score), el("span", {}, S.ranks(hit.ranks)));
    return passage(hit, hit.text, link, origins);
  });
  return el("ol", { class: "passages" }, items);
}
