// The library: what it holds, searched and filtered here, added to and taken from.

import { byId, el, signButton } from "./dom.js";
import { call, get, pathOf } from "./api.js";
import { languageWords } from "./filters.js";
import { origin } from "./format.js";
import { complain, toast } from "./live.js";
import { forgetDocuments } from "./reader.js";
import { here, href } from "./route.js";
import { S } from "./strings.js";
import { addFiles, addUrl, resumeUploads } from "./uploads.js";

const CHOICES = [
  ["kind", S.allKinds, (value) => S.kinds[value] ?? value],
  ["outlet", S.allOutlets, (value) => value],
  ["language", S.allLanguages, languageWords],
  ["state", S.allStates, (value) => S.states[value] ?? value],
];

let documents = null;
let rows = new Map();
let asked = 0;

/** Makes the library's part of the page and keeps its list in step. */
export function mountLibrary() {
  const picker = el("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  picker.addEventListener("change", () => {
    addFiles(picker.files);
    picker.value = "";
  });
  const search = el("input", { id: "library-search", type: "search", "aria-label": S.searchLibrary, placeholder: S.searchLibrary, autocomplete: "off" });
  search.addEventListener("input", draw);
  byId("library").append(
    el(
      "div",
      { class: "adding" },
      el("div", { class: "row" }, el("button", { type: "button", class: "main-button", onclick: () => picker.click() }, S.chooseFiles), picker, el("span", { class: "hint" }, S.addFilesHint)),
      urlForm(),
    ),
    el("section", { id: "uploads", "aria-label": S.uploads, hidden: true }),
    el("div", { class: "choosing" }, search, CHOICES.map(([name, all]) => el("select", { id: `library-${name}`, "aria-label": all, onchange: draw }, el("option", { value: "" }, all)))),
    el("p", { id: "library-shown", class: "hint", role: "status" }),
    el("ul", { id: "library-list" }),
  );
  document.addEventListener("documents-changed", refresh);
  document.addEventListener("server-back", refresh);
  dropping();
  resumeUploads();
  return refresh();
}

/** The number of documents, or null while it is not known. */
export const documentCount = () => documents?.length ?? null;

function urlForm() {
  const field = el("input", { type: "text", inputmode: "url", "aria-label": S.addUrl, placeholder: S.addUrlPlaceholder, autocomplete: "off", spellcheck: "false" });
  const form = el("form", { class: "row" }, field, el("button", { class: "plain" }, S.add));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = field.value.trim();
    if (!/^https?:\/\/[^\s/]/i.test(url)) toast(S.notAnAddress);
    else if (await addUrl(url)) field.value = "";
  });
  return form;
}

/** Files may be dropped anywhere on the page. */
function dropping() {
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const sign = byId("drop");
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    sign.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) sign.hidden = true;
  });
  addEventListener("drop", (event) => {
    sign.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    location.hash = href({ view: "library" });
    addFiles(event.dataTransfer.files);
  });
}

async function refresh() {
  asked += 1;
  const mine = asked;
  let found;
  try {
    found = (await get("/api/documents")).documents;
  } catch {
    return; // the banner says that the server is gone; the old list stays
  }
  if (mine !== asked) return;
  forgetDocuments();
  documents = found;
  rows = new Map(documents.map((document) => [document.id, row(document)]));
  byId("library-count").textContent = documents.length.toLocaleString("en-GB");
  for (const [name, all, words] of CHOICES) fillChoice(byId(`library-${name}`), name, all, words);
  draw();
  document.dispatchEvent(new CustomEvent("library-known"));
}

function fillChoice(select, name, all, words) {
  const values = [...new Set(documents.map((document) => document[name]))].filter(Boolean);
  const options = values.map((value) => [words(value), value]).sort();
  const before = select.value;
  select.replaceChildren(el("option", { value: "" }, all), ...options.map(([text, value]) => el("option", { value }, text)));
  select.value = values.includes(before) ? before : "";
  select.hidden = values.length < 2;
}

/** Shows the rows that fit what is searched and chosen. */
function draw() {
  if (!documents) return;
  const words = byId("library-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = CHOICES.map(([name]) => [name, byId(`library-${name}`).value]).filter(([, value]) => value);
  const fitting = documents.filter((document) => {
    const text = [document.title, document.outlet, document.author, document.published, ...document.places].join(" ").toLowerCase();
    return words.every((word) => text.includes(word)) && wanted.every(([name, value]) => document[name] === value);
  });
  byId("library-list").replaceChildren(...fitting.map(({ id }) => rows.get(id)));
  const all = fitting.length === documents.length ? S.documents(documents.length) : S.documentsOf(fitting.length, documents.length);
  byId("library-shown").textContent = fitting.length ? all : documents.length ? S.noDocumentFound : `${S.emptyTitle}. ${S.emptyMore}`;
}

function row(found) {
  const { id, title } = found;
  const troubled = !["added", "updated", "unchanged", "moved"].includes(found.state);
  const about = () => document.dispatchEvent(new CustomEvent("ask-about", { detail: { id, title } }));
  return el(
    "li",
    {},
    el(
      "div",
      { class: "what" },
      el("a", { href: href({ view: "library", doc: id }), class: "title", dir: "auto" }, title),
      el("span", { class: "of" }, [origin(found), found.language && languageWords(found.language)].filter(Boolean).join(" · ")),
      troubled || found.reason ? el("span", { class: `trouble ${found.state}` }, [S.states[found.state] ?? found.state, found.reason].filter(Boolean).join(": ")) : null,
    ),
    el("button", { type: "button", class: "plain about", "aria-label": S.askAboutDocument(title), onclick: about }, S.ask),
    signButton("bin", S.removeDocument(title), () => remove(found)),
  );
}

async function remove({ id, title }) {
  try {
    await call("DELETE", pathOf("documents", id));
  } catch (error) {
    complain(error);
    return;
  }
  if (here().doc === id) location.hash = href({ view: "library" });
  const next = (rows.get(id).nextElementSibling ?? rows.get(id).previousElementSibling)?.querySelector("a");
  documents = documents.filter((document) => document.id !== id);
  byId("library-count").textContent = documents.length.toLocaleString("en-GB");
  draw();
  (next?.isConnected ? next : byId("library-search")).focus();
  toast(S.removedDocument(title), async () => {
    try {
      await call("POST", `${pathOf("documents", id)}/restore`);
      toast(S.restored);
    } catch (error) {
      toast(error.status === 404 ? S.tooLate : error.message);
    }
    document.dispatchEvent(new CustomEvent("documents-changed"));
  });
  document.dispatchEvent(new CustomEvent("conversation-stale"));
}
