// What screen readers hear, sentence by sentence, and the short messages at the foot of the page.

import { byId, el } from "./dom.js";
import { S } from "./strings.js";

const KEPT = 20;
const SHOWN_MS = 10_000;

/** Says a sentence to screen readers. */
export function say(text) {
  const live = byId("live");
  live.append(el("p", {}, text));
  while (live.children.length > KEPT) live.firstElementChild.remove();
}

/** Hears a text that comes in pieces and says each sentence once it is whole. */
export function speaker() {
  let held = "";
  return {
    hear(piece) {
      held += piece;
      const whole = /^[\s\S]*\]\s*(?=$|[^[\s])/.exec(held);
      if (!whole) return;
      held = held.slice(whole[0].length);
      say(whole[0].replace(/\s*\[\d+\]/g, "").trim());
    },
    end() {
      if (held.trim()) say(held.trim());
      held = "";
    },
  };
}

/** Shows a message for ten seconds, longer while it is pointed at or in focus; `undo` puts a button beside it. */
export function toast(text, undo = null) {
  const message = el("div", { class: "toast" }, el("span", {}, text));
  say(text);
  let timer = null;
  const leave = () => message.remove();
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, SHOWN_MS);
  };
  if (undo) {
    message.append(
      el("button", { type: "button", class: "plain", onclick: () => { leave(); undo(); } }, S.undo),
    );
  } else {
    message.addEventListener("pointerenter", () => clearTimeout(timer));
    message.addEventListener("pointerleave", wait);
  }
  byId("toasts").append(message);
  wait();
  return leave;
}

/** Shows what went wrong and what to do. */
export const complain = (error) => toast([error.message, error.hint].filter(Boolean).map(sentence).join(" "));

/** A text as a sentence: a capital first, a full stop last. */
export function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}
