// One turn: the question, the answer while it comes, and the answer with all that belongs to it.

import { el, signButton } from "./dom.js";
import { body, disagreements, draft, nearest, remarks, sources } from "./answer.js";
import { asText, copy } from "./copy.js";
import { feedback } from "./feedback.js";
import { filterWords } from "./filters.js";
import { sentence } from "./live.js";
import { href } from "./route.js";
import { S } from "./strings.js";
import { keptSearched, searchedFold, searchInto } from "./searched.js";

const SLOW_MS = 15_000;
let counted = 0;

/**
 * A turn on the page. Its element sends "turn-edit" and "turn-again" events upwards; `answer` is null until it is known.
 */
export function turnView(question, filters) {
  counted += 1;
  const heading = el("h2", { id: `q${counted}`, tabindex: "-1", dir: "auto" }, question);
  const reply = el("div", { class: "reply" });
  const filtered = el("p", { class: "filtered" }, filterWords(filters).join(" · "));
  const element = el("article", { class: "turn", "aria-labelledby": heading.id }, heading, filtered.textContent ? filtered : null, reply);
  const view = { element, heading, question, filters, answer: null, text: "" };
  let slow = null;

  const send = (name, detail = {}) => element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { view, ...detail } }));
  const again = (wanted = view.filters) => send("turn-again", { filters: wanted });

  view.wait = (text) => {
    clearTimeout(slow);
    const line = el("p", { class: "under-way" }, text);
    slow = setTimeout(() => line.append(" ", S.slow), SLOW_MS);
    reply.replaceChildren(line);
    element.classList.add("pending");
  };

  view.add = (piece) => {
    clearTimeout(slow);
    view.text += piece;
    reply.replaceChildren(draft(view.text));
  };

  view.finish = (answer) => {
    clearTimeout(slow);
    view.answer = answer;
    element.classList.remove("pending");
    element.dataset.turn = answer.turn_id;
    reply.replaceChildren(...finished(answer, view, send, again));
  };

  view.fail = (title, error = null) => {
    clearTimeout(slow);
    element.classList.remove("pending");
    element.classList.add("broken");
    const more = error ? [error.message, error.hint].filter(Boolean).map(sentence).join(" ") : "";
    reply.replaceChildren(
      view.text ? draft(view.text) : "",
      el("p", { class: "failure" }, el("strong", {}, title), " ", more),
      el("button", { type: "button", class: "plain", onclick: () => again() }, S.askAgain),
    );
  };
  return view;
}

function finished(answer, view, send, again) {
  const { thumbs, form } = feedback(answer);
  const link = () => copy(new URL(href({ view: "talk", id: answer.conversation_id, turn: answer.turn_id }), location.href).href, S.linkCopied);
  const actions = el(
    "div",
    { class: "actions" },
    answer.answered ? signButton("copy", S.copyAnswer, () => copy(asText(answer), S.copied)) : null,
    signButton("link", S.copyLink, link),
    signButton("pencil", S.edit, () => send("turn-edit")),
    thumbs,
  );
  const declined = answer.reply === "declined";
  return [
    declined ? declinedText(answer) : body(answer),
    disagreements(answer),
    remarks(answer),
    declined ? [nearest(answer), offers(answer, view, again)] : sources(answer),
    el("div", { class: "foot" }, searchedFold(answer), actions),
    form,
  ]
    .flat(Infinity)
    .filter(Boolean);
}

function declinedText(answer) {
  return el("div", { class: "declined" }, el("p", { class: "answer" }, answer.text), el("p", { class: "hint" }, S.reasons[answer.reason] ?? ""));
}

/** What can be done about a question without an answer. */
function offers(answer, view, again) {
  const found = el("div", { class: "found" });
  const filters = view.filters ?? keptSearched(answer.turn_id)?.filters ?? null;
  const search = async () => {
    await searchInto(found, answer.question, answer.reason === "filtered_out" ? null : filters);
    found.querySelector("p")?.focus();
  };
  return el(
    "div",
    {},
    el(
      "div",
      { class: "offers" },
      answer.reason === "empty_library"
        ? el("a", { class: "plain", href: href({ view: "library" }) }, S.addDocuments)
        : el("button", { type: "button", class: "plain", onclick: search }, S.searchInstead),
      filterWords(filters).length ? el("button", { type: "button", class: "plain", onclick: () => again({}) }, S.withoutFilters) : null,
    ),
    found,
  );
}
