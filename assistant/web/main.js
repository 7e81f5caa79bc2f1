// Puts the page together: which part is shown, which source is open, and what goes where.

import { byId, el, icon } from "./dom.js";
import { pathOf } from "./api.js";
import { focusQuestion, mountAsk, setPlaceholder } from "./ask.js";
import * as conversation from "./conversation.js";
import { mountFilters, onlyDocument } from "./filters.js";
import { mountHistory } from "./history.js";
import { mountKeys } from "./keys.js";
import { mountLibrary } from "./library.js";
import { hideNote, watchNotes } from "./note.js";
import * as reader from "./reader.js";
import { go, here, withoutSource } from "./route.js";
import { watchServer } from "./status.js";
import { S } from "./strings.js";
import { drawWelcome, forgetSuggestions } from "./welcome.js";

let cameFromPage = false; // whether the step back closes the source
let hadSource = false;
let steppingBack = false; // a step back takes its time: a second Escape meanwhile must not leave the conversation

function words() {
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = S[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", S[element.dataset.label]);
  for (const element of document.querySelectorAll("[data-placeholder]")) element.setAttribute("placeholder", S[element.dataset.placeholder]);
  byId("open-side").append(icon("menu"));
  byId("close-side").append(icon("close"));
}

/** Shows what the address says. */
async function show({ inside = true } = {}) {
  const route = here();
  hideNote();
  closeMenu();
  const talk = route.view === "talk";
  byId("talk").hidden = !talk;
  byId("ask").hidden = !talk;
  byId("library").hidden = talk;
  mark("to-library", !talk);
  mark("to-ask", talk && route.id === null);
  if (talk) await conversation.show(route.id, route.turn);
  frame();
  const wanted = here();
  const source = sourceOf(wanted);
  if (source && !hadSource) cameFromPage = inside;
  hadSource = Boolean(source);
  for (const link of byId("turns").querySelectorAll("a.fn, a.source")) {
    if (route.cite && link.hash === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (source) reader.open(source);
  else reader.close();
}

function mark(id, current) {
  if (current) byId(id).setAttribute("aria-current", "page");
  else byId(id).removeAttribute("aria-current");
}

/** The title, what can be done with a conversation, and the welcome of an empty one. */
function frame() {
  const { view } = here();
  const id = conversation.currentId();
  const title = view === "library" ? S.library : conversation.currentTitle();
  byId("title").textContent = title || S.newQuestion;
  byId("title").classList.toggle("unshown", !title || (view === "talk" && conversation.titleIsQuestion()));
  document.title = title ? `${title} · Footnote` : "Footnote";
  const exports = (format, text, label) => el("a", { class: "plain", href: `${pathOf("conversations", id)}/export?format=${format}`, download: true, "aria-label": label }, text);
  byId("bar-actions").replaceChildren(
    ...(view === "talk" && id ? [el("span", { class: "hint" }, S.exportLabel), exports("markdown", S.exportMarkdown, S.exportMarkdownLabel), exports("json", S.exportJson, S.exportJsonLabel)] : []),
  );
  const empty = view === "talk" && id === null && conversation.isEmpty();
  if (empty && byId("welcome").hidden) drawWelcome(ask);
  byId("welcome").hidden = !empty;
  document.body.classList.toggle("welcoming", empty);
  setPlaceholder(id ? S.followUpPlaceholder : S.questionPlaceholder);
}

/** The source that a route opens, as the reader takes it; null where there is none. */
function sourceOf(route) {
  const steps = { leave: leaveSource, about: askAbout, newest: () => go({ ...withoutSource(here()), doc: route.doc ?? cited?.citation.document_id }, { replace: true }) };
  const cited = route.cite ? conversation.citationAt(route) : null;
  if (cited) {
    const { citation, answer } = cited;
    const nearest = citation.number === null;
    const all = nearest ? answer.nearest : answer.citations;
    const at = all.indexOf(citation);
    const to = (index) => (all[index] ? () => go({ ...route, cite: nearest ? `n${index + 1}` : String(all[index].number) }, { replace: true }) : null);
    const others = all.filter((other) => other !== citation && other.document_id === citation.document_id && other.content_hash === citation.content_hash);
    return {
      ...steps, ...citation, id: citation.document_id, version: citation.content_hash, others, fromAnswer: true,
      label: nearest ? S.nearestOf : S.noteOf(citation.number, all.length), previous: to(at - 1), next: to(at + 1),
    };
  }
  if (!route.doc) return null;
  const [start, end] = (route.at ?? "").split("-").map(Number);
  return { ...steps, id: route.doc, version: route.version, start, end, label: route.at ? S.passageOf : S.document, fromAnswer: route.view === "talk" };
}

function leaveSource() {
  if (!reader.isOpen()) return false;
  if (!cameFromPage) go(withoutSource(here()), { replace: true });
  else if (!steppingBack) {
    steppingBack = true;
    history.back();
  }
  return true;
}

function askAbout(found) {
  onlyDocument(found);
  go({ view: "talk", id: null });
  focusQuestion();
}

function ask(question, replaces = null) {
  conversation.ask(question, replaces);
}

function toAsk() {
  if (here().view !== "talk") go({ view: "talk", id: conversation.currentId() });
  focusQuestion();
}

function openMenu() {
  document.body.classList.add("menu");
  byId("shade").hidden = false;
  byId("open-side").setAttribute("aria-expanded", "true");
  byId("to-ask").focus();
}

function closeMenu() {
  if (!document.body.classList.contains("menu")) return false;
  document.body.classList.remove("menu");
  byId("shade").hidden = true;
  byId("open-side").setAttribute("aria-expanded", "false");
  byId("open-side").focus();
  return true;
}

/** Links to another source of the same page take the place of the one that is open, so that one step back closes it. */
function stepWithinPage(event) {
  const link = event.target.closest?.("a[href^='#']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const to = link.getAttribute("href");
  if (reader.isOpen() && /[?&](cite|doc)=/.test(to)) history.replaceState(null, "", to);
  else if (to !== location.hash) history.pushState(null, "", to);
  show();
  if (link.id === "to-ask") focusQuestion();
}

function start() {
  words();
  mountAsk({ ask, stop: conversation.stop });
  mountFilters();
  conversation.mountConversation();
  watchNotes(byId("talk"));
  mountKeys({
    ask: toAsk,
    library: () => go({ view: "library" }),
    fresh: () => { go({ view: "talk", id: null }); focusQuestion(); },
    leaveSource, closeMenu,
    step: (direction) => {
      const source = reader.isOpen() ? sourceOf(here()) : null;
      const to = direction < 0 ? source?.previous : source?.next;
      to?.();
      return Boolean(to);
    },
  });
  byId("skip").addEventListener("click", toAsk);
  byId("open-side").addEventListener("click", openMenu);
  byId("close-side").addEventListener("click", closeMenu);
  byId("shade").addEventListener("click", closeMenu);
  document.addEventListener("click", stepWithinPage);
  document.addEventListener("route", () => show());
  addEventListener("popstate", () => show().finally(() => { steppingBack = false; }));
  document.addEventListener("conversation-shown", frame);
  document.addEventListener("ask-about", ({ detail }) => askAbout(detail));
  document.addEventListener("server-back", conversation.reload);
  document.addEventListener("documents-changed", forgetSuggestions);
  document.addEventListener("library-known", () => !byId("welcome").hidden && drawWelcome(ask));
  watchServer();
  mountHistory();
  mountLibrary();
  show({ inside: false }).then(conversation.resume);
  if (matchMedia("(pointer: fine)").matches) focusQuestion();
  performance.mark("usable");
}

start();
