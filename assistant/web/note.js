// The small card with the words behind a footnote, while its number is pointed at or in focus.

import { byId } from "./dom.js";
import { card, citationOf } from "./answer.js";

const GAP = 8;
const LEAVE_MS = 200;

let shown = null;
let leaving = null;

/** Shows cards for the footnotes within an element. */
export function watchNotes(within) {
  const enter = (event) => {
    const link = event.target.closest?.("a.fn");
    if (link && citationOf(link)) show(link);
  };
  within.addEventListener("pointerover", (event) => event.pointerType !== "touch" && enter(event));
  within.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && enter(event));
  within.addEventListener("pointerout", leave);
  within.addEventListener("focusout", hideNote);
  within.addEventListener("scroll", hideNote, { passive: true });
  byId("note").addEventListener("pointerenter", () => clearTimeout(leaving));
  byId("note").addEventListener("pointerleave", leave);
}

/** Takes the card away; true where there was one. */
export function hideNote() {
  clearTimeout(leaving);
  if (!shown) return false;
  shown.removeAttribute("aria-describedby");
  shown = null;
  byId("note").hidden = true;
  return true;
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(() => document.activeElement !== shown && hideNote(), LEAVE_MS);
}

function show(link) {
  clearTimeout(leaving);
  if (link === shown) return;
  hideNote();
  shown = link;
  const note = byId("note");
  note.replaceChildren(...card(citationOf(link)).filter(Boolean));
  note.hidden = false;
  link.setAttribute("aria-describedby", "note");
  place(note, link.getBoundingClientRect());
}

/** Above the number, or below it where there is no room; never over the edge of the window. */
function place(note, at) {
  const { width, height } = note.getBoundingClientRect();
  const left = Math.min(Math.max(GAP, at.left + at.width / 2 - width / 2), innerWidth - width - GAP);
  const above = at.top - height - GAP;
  note.style.left = `${left}px`;
  note.style.top = `${above > GAP ? above : at.bottom + GAP}px`;
}
