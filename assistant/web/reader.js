// The source beside the answer: the whole document, the cited words marked in their place.

import { byId, el, langOf, scrollTo, signButton, webLink } from "./dom.js";
import { get, pathOf } from "./api.js";
import { byCodePoints, linesOf, origin, spot } from "./format.js";
import { languageWords } from "./filters.js";
import { say, sentence } from "./live.js";
import { hideNote } from "./note.js";
import { S } from "./strings.js";

const KEPT = 6;
const documents = new Map();
let opening = 0;
let opener = null;

export const isOpen = () => !byId("reader").hidden;

/** Forgets what was loaded, as after a document changed or went. */
export const forgetDocuments = () => documents.clear();

/** Takes the source away and gives the focus back to what opened it. */
export function close() {
  if (!isOpen()) return;
  opening += 1;
  byId("reader").hidden = true;
  document.body.classList.remove("reading");
  byId("main").inert = false;
  if (opener?.isConnected) opener.focus();
  hideNote(); // the words were just read: their card need not come up again
  opener = null;
}

/**
 * Opens a document. `wanted` has `id`, `version` (a content hash, or null for the present one), `start` and `end` of the
 * words to mark, `others` (further stretches, marked lightly), `quote` in case the document is gone, `label`, and the
 * steps `previous`, `next`, `leave`, `about`, `newest`.
 */
export async function open(wanted) {
  opening += 1;
  const mine = opening;
  const reader = byId("reader");
  if (!isOpen()) opener = document.activeElement;
  else if (!reader.contains(document.activeElement) && document.activeElement !== document.body) opener = document.activeElement;
  reader.hidden = false;
  document.body.classList.add("reading");
  byId("main").inert = getComputedStyle(reader).position === "fixed";
  if (opener?.matches?.(".fn, .source, .quote")) opener.scrollIntoView({ block: "nearest" });
  const close = closing(wanted);
  if (!reader.querySelector(".paper")) reader.replaceChildren(top(wanted, close), el("p", { class: "under-way" }, S.loading));
  let found;
  try {
    found = await load(wanted.id, wanted.version);
  } catch (error) {
    if (mine === opening) reader.replaceChildren(top(wanted, close), absent(error, wanted));
    return;
  }
  if (mine !== opening) return;
  const marks = wanted.end > wanted.start ? [{ start: wanted.start, end: wanted.end, here: true }, ...(wanted.others ?? [])] : [];
  const text = paper(found.document, marks);
  reader.replaceChildren(top(wanted, close, found.document.title), el("div", { class: "paper", tabindex: "0", role: "group", "aria-label": found.document.title }, head(found, wanted), text));
  toMark(reader);
}

function closing(wanted) {
  if (!wanted.fromAnswer) return el("button", { type: "button", class: "plain", onclick: wanted.leave }, S.closeSource);
  const words = [el("span", { class: "wide-only" }, S.backToAnswer), el("span", { class: "narrow-only" }, S.backShort)];
  return el("button", { type: "button", class: "plain", "aria-label": S.backToAnswer, onclick: wanted.leave }, words);
}

function toMark(reader) {
  const mark = reader.querySelector("mark.here");
  if (!mark) {
    reader.querySelector("h2")?.focus({ preventScroll: true });
    return;
  }
  mark.focus({ preventScroll: true });
  mark.scrollIntoView({ block: "center", behavior: "instant" });
  say(mark.textContent);
}

async function load(id, version) {
  const key = `${id} ${version ?? ""}`;
  if (documents.has(key)) return documents.get(key);
  const present = await get(pathOf("documents", id));
  const earlier = Boolean(version) && version !== present.content_hash;
  const found = { earlier, document: earlier ? await get(pathOf("documents", id), { content_hash: version }) : present };
  documents.set(key, found);
  if (documents.size > KEPT) documents.delete(documents.keys().next().value);
  return found;
}

function top(wanted, close, title = wanted.title ?? "") {
  return el(
    "header",
    { class: "reader-bar" },
    close,
    el("div", { class: "label" }, el("strong", { dir: "auto" }, title), el("span", { dir: "auto" }, [wanted.label, spot(wanted)].filter(Boolean).join(" · "))),
    wanted.previous || wanted.next
      ? [signButton("previous", S.previousNote, wanted.previous, { disabled: !wanted.previous }), signButton("next", S.nextNote, wanted.next, { disabled: !wanted.next })]
      : null,
  );
}

function head({ document, earlier }, wanted) {
  const place = spot(wanted);
  return el(
    "header",
    { class: "of-document" },
    el("h2", { tabindex: "-1", dir: "auto" }, document.title),
    el("p", { class: "of" }, [origin(document), document.language && languageWords(document.language)].filter(Boolean).join(" · ")),
    el("p", { class: "of places" }, [document.url, ...document.places].filter((where, index, all) => where && all.indexOf(where) === index).map((where) => el("span", {}, webLink(where)))),
    document.reason ? el("p", { class: "notice" }, `${S.states[document.state] ?? document.state}: ${document.reason}`) : null,
    earlier ? el("p", { class: "notice" }, S.earlierVersion, " ", el("button", { type: "button", class: "plain", onclick: wanted.newest }, S.showNewest)) : null,
    el(
      "div",
      { class: "row" },
      place ? el("button", { type: "button", class: "plain spot", title: S.toMark, onclick: () => scrollTo(byId("reader").querySelector("mark.here"), "center") }, place) : null,
      el("button", { type: "button", class: "plain", onclick: () => wanted.about(document) }, S.askAbout),
    ),
  );
}

function absent(error, wanted) {
  const gone = error.status === 404;
  return el(
    "div",
    { class: "absent" },
    el("p", {}, gone ? S.documentGone : sentence(error.message)),
    gone && wanted.quote ? [el("p", { class: "of" }, S.documentGoneQuote), el("blockquote", { dir: "auto" }, wanted.quote)] : null,
    gone ? null : el("button", { type: "button", class: "plain", onclick: () => open(wanted) }, S.tryAgain),
  );
}

/** The text of a document, a block for each line, with its headings, its pages and the marks. */
export function paper(document, marks) {
  const headings = new Map(document.headings.map((heading) => [heading.start, heading]));
  const pages = document.pages.filter((page) => document.pages.length > 1 || page.number > 1);
  const blocks = [];
  for (const { line, start, end } of linesOf(document.text)) {
    while (pages.length && pages[0].start <= end) blocks.push(el("p", { class: "page" }, S.page(pages.shift().number)));
    if (!line.trim()) continue;
    const heading = headings.get(start);
    blocks.push(el(heading ? "h3" : "p", { class: heading ? `level-${Math.min(heading.level, 4)}` : null, dir: "auto" }, marked(line, start, end, marks)));
  }
  return el("div", { class: "text", lang: langOf(document.language) }, blocks.length ? blocks : el("p", { class: "hint" }, S.noText));
}

/** A line, cut where marks begin and end. The first mark that holds a stretch is the one it gets. */
function marked(line, start, end, marks) {
  const touching = marks.filter((mark) => mark.start < end && mark.end > start);
  if (!touching.length) return line;
  const text = byCodePoints(line);
  const edges = new Set([start, end]);
  for (const mark of touching) edges.add(Math.max(mark.start, start)).add(Math.min(mark.end, end));
  const cuts = [...edges].sort((a, b) => a - b);
  return cuts.slice(1).map((to, index) => {
    const from = cuts[index];
    const piece = text.slice(from - start, to - start);
    const mark = touching.find((one) => one.start <= from && one.end >= to);
    return mark ? el("mark", mark.here ? { class: "here", tabindex: "-1" } : { class: "other" }, piece) : piece;
  });
}
