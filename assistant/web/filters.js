// Which documents may answer: the chips under the question, and the panel where they are chosen.

import { byId, el, icon } from "./dom.js";
import { get } from "./api.js";
import { day } from "./format.js";
import { complain } from "./live.js";
import { S } from "./strings.js";

const STORE = "filters";
const LISTS = ["outlet", "kind", "language", "document_id"];
const NAMES = { outlet: S.outlet, kind: S.kind, language: S.language };
const MOST_TITLES = 8;

let chosen = read();
let facets = null;
let documents = [];

/** The filters as chosen: bounds, lists of values, and the titles of the documents among them. */
export const chosenFilters = () => structuredClone(chosen);

/** The same as the API takes them. */
export function parametersOf(filters) {
  const wanted = {};
  for (const [name, value] of Object.entries(filters ?? {})) if (name !== "titles" && value?.length) wanted[name] = value;
  return wanted;
}

/** Filters in words, one text each. */
export const filterWords = (filters) => pieces(filters ?? {}).map(({ text }) => text);

/** Takes one document alone. */
export function onlyDocument(document) {
  choose({ document_id: [document.id], titles: { [document.id]: document.title } });
}

/** Puts these filters in place of the chosen ones. */
export function choose(filters) {
  chosen = filters ?? {};
  try {
    sessionStorage.setItem(STORE, JSON.stringify(chosen));
  } catch {
    // the choice then lasts until the page is left
  }
  draw();
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

/** Each filter by itself: its words, and the filters without it. */
function pieces(filters) {
  const found = [];
  if (filters.since) found.push({ text: S.sinceChip(day(filters.since)), without: { ...filters, since: null } });
  if (filters.until) found.push({ text: S.untilChip(day(filters.until)), without: { ...filters, until: null } });
  for (const list of LISTS) {
    for (const value of filters[list] ?? []) {
      const text = list === "document_id" ? S.onlyDocument(filters.titles?.[value] ?? value) : valueWords(list, value);
      found.push({ text, without: { ...filters, [list]: filters[list].filter((other) => other !== value) } });
    }
  }
  return found;
}

const valueWords = (list, value) => (list === "kind" ? (S.kinds[value] ?? value) : list === "language" ? languageWords(value) : value);

/** A language code in English. */
export function languageWords(code) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code);
  } catch {
    return code;
  }
}

/** Draws the chips and the button that opens the panel. */
export function mountFilters() {
  const panel = el("div", { id: "filter-panel", role: "dialog", "aria-label": S.filters, hidden: true });
  const open = el(
    "button",
    { id: "add-filter", type: "button", class: "chip add", "aria-expanded": "false", "aria-controls": "filter-panel", onclick: () => (panel.hidden ? openPanel() : closePanel()) },
    icon("plus"),
    S.addFilter,
  );
  byId("filters").append(open, el("ul", { id: "chips" }), panel);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && !event.target.closest?.("#filters")) closePanel(false);
  });
  draw();
}

function draw() {
  const list = byId("chips");
  if (!list) return;
  list.replaceChildren(
    ...pieces(chosen).map(({ text, without }) => {
      const remove = () => {
        choose(without);
        byId("add-filter").focus();
      };
      return el("li", {}, el("button", { type: "button", class: "chip", "aria-label": S.removeFilter(text), onclick: remove }, el("span", { dir: "auto" }, text), icon("close")));
    }),
  );
}

/** Closes the panel; true where it was open. */
export function closePanel(focus = true) {
  const panel = byId("filter-panel");
  if (panel.hidden) return false;
  panel.hidden = true;
  byId("add-filter").setAttribute("aria-expanded", "false");
  if (focus) byId("add-filter").focus();
  return true;
}

async function openPanel() {
  const panel = byId("filter-panel");
  panel.hidden = false;
  byId("add-filter").setAttribute("aria-expanded", "true");
  panel.replaceChildren(el("p", { class: "hint" }, S.loading));
  try {
    [facets, { documents }] = await Promise.all([get("/api/facets"), get("/api/documents")]);
  } catch (error) {
    complain(error);
    closePanel();
    return;
  }
  panel.replaceChildren(period(), choices("outlet", facets.outlets), choices("kind", facets.kinds), choices("language", facets.languages), titles(), ends());
  panel.querySelector("input")?.focus();
}

function period() {
  const bound = (name, label) => {
    const field = el("input", { type: "date", min: facets.published?.since ?? null, max: facets.published?.until ?? null });
    field.value = chosen[name] ?? "";
    field.addEventListener("change", () => choose({ ...chosen, [name]: field.value || null }));
    return el("label", {}, el("span", {}, label), field);
  };
  return el("fieldset", { class: "period" }, el("legend", {}, S.period), bound("since", S.since), bound("until", S.until));
}

function choices(list, values) {
  if (!values.length) return "";
  const boxes = values.map(({ value, documents: number }) => {
    const box = el("input", { type: "checkbox" });
    box.checked = (chosen[list] ?? []).includes(value);
    box.addEventListener("change", () => {
      const others = (chosen[list] ?? []).filter((other) => other !== value);
      choose({ ...chosen, [list]: box.checked ? [...others, value] : others });
    });
    return el("label", { class: "choice" }, box, el("span", { dir: "auto" }, valueWords(list, value)), el("span", { class: "count" }, number));
  });
  return el("fieldset", {}, el("legend", {}, NAMES[list]), el("div", { class: "choices" }, boxes));
}

function titles() {
  const field = el("input", { type: "search", "aria-label": S.findDocument, placeholder: S.findDocument, autocomplete: "off" });
  const found = el("div", { class: "choices" });
  field.addEventListener("input", () => {
    const words = field.value.trim().toLowerCase();
    const hits = words ? documents.filter(({ title }) => title.toLowerCase().includes(words)).slice(0, MOST_TITLES) : [];
    found.replaceChildren(
      ...hits.map((document) =>
        el("button", { type: "button", class: "choice", dir: "auto", onclick: () => add(document) }, document.title),
      ),
    );
  });
  const add = (document) => {
    const ids = new Set([...(chosen.document_id ?? []), document.id]);
    choose({ ...chosen, document_id: [...ids], titles: { ...chosen.titles, [document.id]: document.title } });
  };
  return el("fieldset", {}, el("legend", {}, S.documentFilter), field, found);
}

function ends() {
  const clear = () => {
    choose({});
    closePanel();
  };
  return el(
    "div",
    { class: "row" },
    el("button", { type: "button", class: "plain", onclick: clear }, S.clearFilters),
    el("button", { type: "button", class: "main-button", onclick: () => closePanel() }, S.done),
  );
}
