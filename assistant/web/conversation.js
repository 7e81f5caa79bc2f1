// The conversation that is shown: its turns, and the one that is under way.

import { byId, el, scrollTo } from "./dom.js";
import { call, get, pathOf, streamed } from "./api.js";
import { editQuestion, giveBack, keepPending, pendingQuestion, setBusy, setPlaceholder, takeBack } from "./ask.js";
import { choose, chosenFilters, parametersOf } from "./filters.js";
import { complain, say, sentence, speaker } from "./live.js";
import { go, here } from "./route.js";
import { keepSearched } from "./searched.js";
import { isReady, ready } from "./status.js";
import { S } from "./strings.js";
import { turnView } from "./turn.js";

const SILENCE_MS = 120_000;
const CLOCKS_MS = 1000; // by how much the clocks of page and server may differ

let shown = { id: null, title: "", views: [] };
let running = null; // {view, controller, conversation}
let loading = 0;

export const currentId = () => shown.id;
export const currentTitle = () => shown.title;
/** Whether the title says no more than the one question below it. */
export const titleIsQuestion = () => shown.views.length === 1 && shown.views[0].question.startsWith(shown.title.replace(/…$/, ""));
export const isEmpty = () => shown.views.length === 0 && !loading;
const changed = () => document.dispatchEvent(new CustomEvent("conversation-shown"));

/** Listens for turns that are to be changed or asked again. */
export function mountConversation() {
  byId("turns").addEventListener("turn-edit", ({ detail }) => editQuestion(detail.view));
  byId("turns").addEventListener("turn-again", ({ detail }) => {
    const { view, filters } = detail;
    choose(filters);
    if (!view.answer) drop(view);
    takeBack(view.question);
    ask(view.question, view.answer && view === shown.views.at(-1) ? view : null);
  });
}

/** The citation of a turn that a route names: a footnote's number, or "n1" for the nearest of a declined one. */
export function citationAt({ turn, cite }) {
  const answer = shown.views.find((view) => view.answer?.turn_id === turn)?.answer;
  if (!answer || !cite) return null;
  const nearest = /^n(\d+)$/.exec(cite);
  const citation = nearest ? answer.nearest[Number(nearest[1]) - 1] : answer.citations.find(({ number }) => String(number) === cite);
  return citation ? { citation, answer } : null;
}

/** Shows a conversation, or an empty one for null, at one of its turns. */
export async function show(id, turnId = null) {
  if (id === shown.id && (id !== null || !running || running.conversation === null)) {
    toTurn(turnId);
    return;
  }
  loading += 1;
  const mine = loading;
  shown = { id, title: "", views: [] };
  byId("turns").replaceChildren();
  if (id !== null) {
    byId("turns").append(el("p", { class: "under-way" }, S.loading));
    changed();
    let conversation = null;
    try {
      conversation = await get(pathOf("conversations", id));
    } catch (error) {
      if (mine === loading) absent(error, id, turnId);
      return;
    }
    if (mine !== loading) return;
    fill(conversation);
  }
  loading = 0;
  if (running?.conversation === id) adopt();
  toTurn(turnId ?? shown.views.at(-1)?.answer?.turn_id ?? null);
  changed();
}

function fill({ id, title, turns }) {
  shown = { id, title, views: turns.map(storedView) };
  byId("turns").replaceChildren(...shown.views.map((view) => view.element));
}

function storedView(answer) {
  const view = turnView(answer.question, null);
  view.finish(answer);
  return view;
}

function adopt() {
  shown.views.push(running.view);
  byId("turns").append(running.view.element);
}

function absent(error, id, turnId) {
  loading = 0;
  const again = () => {
    shown.id = undefined;
    show(id, turnId);
  };
  const text = error.status === 404 ? S.noConversation : sentence(error.message);
  byId("turns").replaceChildren(
    el("div", { class: "absent" }, el("p", {}, text), error.status === 404 ? el("a", { class: "plain", href: "#/" }, S.newQuestion) : el("button", { type: "button", class: "plain", onclick: again }, S.tryAgain)),
  );
  changed();
}

function toTurn(turnId) {
  const view = turnId && shown.views.find((one) => one.answer?.turn_id === turnId);
  if (!view || here().cite || here().doc) return;
  view.element.scrollIntoView({ block: "start" });
}

/** Takes another title for the conversation that is shown. */
export function retitle(id, title) {
  if (shown.id !== id) return;
  shown.title = title;
  changed();
}

/** Loads the shown conversation anew, as after a server was gone. */
export function reload() {
  const { id } = shown;
  if (running || id === null) return;
  shown.id = undefined;
  show(id, here().turn);
}

/** Asks; `replaces` is the turn that this wording takes the place of, with all that followed it. */
export async function ask(question, replaces = null) {
  if (running) return;
  const filters = chosenFilters();
  const pending = { asked: Date.now(), question, conversation: shown.id, filters, replaces: replaces?.answer.turn_id ?? null };
  keepPending(pending);
  const replaced = replaces ? shown.views.slice(shown.views.indexOf(replaces)) : [];
  replaced.forEach(drop);
  const view = turnView(question, filters);
  const controller = new AbortController();
  running = { view, controller, conversation: shown.id };
  view.element.classList.add("fresh");
  for (const other of shown.views) other.element.classList.remove("fresh");
  adopt();
  setBusy(true);
  changed();
  scrollTo(view.element);
  view.wait(isReady() ? S.looking : S.waitingForModel);
  try {
    await unlessStopped(ready(), controller.signal);
    finish(view, await follow(view, pending, controller));
  } catch (error) {
    await broke(view, pending, replaced, error, controller.signal);
  }
  running = null;
  setBusy(false);
  document.dispatchEvent(new CustomEvent("conversations-changed"));
}

/** Takes a turn off the page. */
function drop(view) {
  shown.views = shown.views.filter((other) => other !== view);
  view.element.remove();
}

const unlessStopped = (promise, signal) =>
  Promise.race([promise, new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError"))))]);

/** Follows the stream of an answer to its end and returns the answer. */
async function follow(view, pending, controller) {
  const body = { message: pending.question, stream: true, filters: parametersOf(pending.filters) };
  if (pending.conversation) body.conversation_id = pending.conversation;
  if (pending.replaces) body.replaces = pending.replaces;
  const voice = speaker();
  let hits = [];
  let silence = null;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => controller.abort(S.silent), SILENCE_MS);
  };
  heard();
  try {
    for await (const { name, data } of streamed("/api/chat", body, controller.signal)) {
      heard();
      if (name === "passages") {
        hits = data.hits;
        if (hits.length) view.wait(S.reading(hits.length, new Set(hits.map((hit) => hit.document_id)).size));
      } else if (name === "delta") {
        view.add(data.text);
        voice.hear(data.text);
      } else if (name === "answer") {
        voice.end();
        keepSearched(data.turn_id, { filters: pending.filters, hits });
        return data;
      } else if (name === "error") {
        throw Object.assign(new Error(data.error.message), { hint: data.error.hint });
      }
    }
  } finally {
    clearTimeout(silence);
  }
  throw new Error(S.failed);
}

function finish(view, answer) {
  keepPending(null);
  view.finish(answer);
  if (!shown.views.includes(view)) return;
  if (shown.id === null) {
    shown.id = answer.conversation_id;
    shown.title = answer.question;
    setPlaceholder(S.followUpPlaceholder);
    if (here().view === "talk") go({ ...here(), id: shown.id }, { replace: true });
  }
  changed();
}

/** No answer came: what was asked goes back into its box, and what it was to replace stays. */
async function broke(view, pending, replaced, error, signal) {
  const stopped = signal.aborted && signal.reason !== S.silent;
  const kept = stopped ? await answeredMeanwhile(pending) : null;
  if (kept) {
    finish(view, kept);
    return;
  }
  keepPending(null);
  giveBack(pending.question);
  if (stopped) view.fail(S.stopped);
  else view.fail(S.failed, signal.aborted ? new Error(S.silent) : error);
  say(view.element.querySelector(".failure").textContent);
  if (replaced.length && shown.views.includes(view)) {
    complain(stopped ? new Error(S.stopped) : error);
    drop(view);
    shown.views.push(...replaced);
    byId("turns").append(...replaced.map((one) => one.element));
  }
}

/** Stops the answer under way; true where there was one. */
export function stop() {
  if (!running) return false;
  running.controller.abort();
  return true;
}

/**
 * Takes up the question that was under way when the page was left: where its answer was stored after all it is
 * shown, else the question is back in its box.
 */
export async function resume() {
  const pending = pendingQuestion();
  if (!pending) return;
  keepPending(null);
  const answered = await answeredMeanwhile(pending);
  if (!answered) {
    choose(pending.filters);
    giveBack(pending.question, S.interrupted);
  } else if (answered.conversation_id !== shown.id) go({ view: "talk", id: answered.conversation_id });
  else reload();
}

/** The turn that was stored of a question though its answer never came here, or null. */
async function answeredMeanwhile({ asked, question, conversation }) {
  try {
    const id = conversation ?? (await call("GET", "/api/conversations")).conversations[0]?.id;
    if (!id) return null;
    const { updated, turns } = await get(pathOf("conversations", id));
    return Date.parse(updated) > asked - CLOCKS_MS && turns.at(-1)?.question === question ? turns.at(-1) : null;
  } catch {
    return null; // the server is gone: the question goes back into its box
  }
}
