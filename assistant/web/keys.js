// The keyboard, and the list of its keys.

import { byId, el } from "./dom.js";
import { cancelEditing } from "./ask.js";
import { stop } from "./conversation.js";
import { closePanel } from "./filters.js";
import { hideNote } from "./note.js";
import { S } from "./strings.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Listens for keys. `steps` has `ask`, `library`, `fresh`, `leaveSource` (true where one was open), `closeMenu`, `step`. */
export function mountKeys(steps) {
  byId("keys").addEventListener("click", openHelp);
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return taken(event, steps.ask);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return escape(event, steps);
    if (event.target.closest?.("input, textarea, select, dialog")) return;
    if (event.key === "/") taken(event, steps.ask);
    else if (event.key === "?") taken(event, openHelp);
    else if (event.key === "l") taken(event, steps.library);
    else if (event.key === "n") taken(event, steps.fresh);
    else if (event.key in STEPS) arrow(event, STEPS[event.key], steps);
  });
}

function taken(event, action) {
  event.preventDefault();
  action();
}

/** Esc does one thing: the first of these that there is to do. */
function escape(event, steps) {
  if (byId("help").open) return;
  const done = hideNote() || closePanel() || steps.closeMenu() || stop() || cancelEditing() || steps.leaveSource();
  if (done) event.preventDefault();
  else if (event.target === byId("question")) event.target.blur();
}

/** From footnote to footnote: in the text, or in the source beside it. */
function arrow(event, direction, steps) {
  if (event.target.matches?.("a.fn")) {
    const all = [...byId("turns").querySelectorAll("a.fn")];
    const next = all[all.indexOf(event.target) + direction];
    if (next) taken(event, () => next.focus());
  } else if (event.key.endsWith("Left") || event.key.endsWith("Right")) {
    if (steps.step(direction)) event.preventDefault();
  }
}

function openHelp() {
  const dialog = byId("help");
  dialog.replaceChildren(
    el("h2", { id: "help-title" }, S.keysTitle),
    el("dl", {}, S.keyList.map(([keys, does]) => [el("dt", {}, keys), el("dd", {}, does)])),
    el("form", { method: "dialog" }, el("button", { class: "main-button" }, S.close)),
  );
  dialog.showModal();
}

