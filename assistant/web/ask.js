// The question box. What stands in it is kept until its answer has come, through reloads and a server that is gone.

import { byId, el } from "./dom.js";
import { closePanel } from "./filters.js";
import { S } from "./strings.js";

const DRAFT = "draft";
const PENDING = "pending";
const MOST_LINES_PX = 200;

let handlers = { ask: () => {}, stop: () => {} };
let busy = false;
let editing = null; // {view, before}: the turn that is asked again, and what stood in the box

function keep(key, value) {
  try {
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    // without a store the text lives as long as the page
  }
}

/** Makes the box work: `ask(text, replaces)` and `stop()` are called by it. */
export function mountAsk(given) {
  handlers = given;
  const box = byId("question");
  box.value = sessionStorage.getItem(DRAFT) || box.value;
  fit();
  box.addEventListener("input", () => {
    keep(DRAFT, box.value);
    fit();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!busy) submit();
    }
  });
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) handlers.stop();
    else submit();
  });
}

function submit() {
  const text = byId("question").value.trim();
  if (!text) return;
  closePanel(false);
  const replaces = editing?.view ?? null;
  endEditing(editing?.before ?? "");
  handlers.ask(text, replaces);
}

function put(text) {
  const box = byId("question");
  box.value = text;
  keep(DRAFT, text);
  fit();
}

/** As high as its text, up to a few lines. */
function fit() {
  const box = byId("question");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, MOST_LINES_PX)}px`;
}

/** Keeps a question that is under way, or forgets it (null) once it was answered. */
export const keepPending = (pending) => keep(PENDING, pending && JSON.stringify(pending));

/** The question that was under way when the page was left, or null. */
export function pendingQuestion() {
  try {
    return JSON.parse(sessionStorage.getItem(PENDING));
  } catch {
    return null;
  }
}

/** Gives a question back whose answer did not come; what was written meanwhile stays. */
export function giveBack(text, note = "") {
  if (!byId("question").value.trim()) put(text);
  if (note) tell(note);
}

/** Empties the box where it holds just this question, as when it is asked again from its place. */
export function takeBack(text) {
  if (byId("question").value.trim() === text) put("");
}

/** Puts a question into the box in order to change it and ask it again. */
export function editQuestion(view) {
  editing = { view, before: editing?.before ?? byId("question").value };
  put(view.question);
  tell(S.editing, () => endEditing(editing.before));
  focusQuestion();
}

function endEditing(before) {
  editing = null;
  byId("editing").hidden = true;
  put(before);
}

/** Leaves off changing a question; true where one was being changed. */
export function cancelEditing() {
  if (!editing) return false;
  endEditing(editing.before);
  return true;
}

function tell(text, cancel = null) {
  const line = byId("editing");
  const end = cancel ?? (() => (line.hidden = true));
  line.replaceChildren(el("span", {}, text), el("button", { type: "button", class: "plain", onclick: end }, cancel ? S.cancel : S.close));
  line.hidden = false;
}

/** While an answer is under way the button stops it. */
export function setBusy(value) {
  busy = value;
  byId("send").textContent = busy ? S.stop : S.ask;
  byId("send").classList.toggle("stops", busy);
}

export function focusQuestion() {
  const box = byId("question");
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

export const setPlaceholder = (text) => byId("question").setAttribute("placeholder", text);
