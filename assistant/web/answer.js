// An answer as elements: sentences with footnotes, the list of sources, disagreements, what is missing.

import { el, langOf, webLink } from "./dom.js";
import { origin, sentencesOf, spot } from "./format.js";
import { href } from "./route.js";
import { S } from "./strings.js";

const REMOVED = "[source removed]";
const cited = new WeakMap();

/** The citation that a footnote's link stands for. */
export const citationOf = (link) => cited.get(link);

/** Text that is still coming, in the geometry of the finished answer. */
export const draft = (text) => (/\[\d+\]/.test(text) ? paragraph(sentencesOf(text), (number) => el("span", { class: "fn" }, number)) : lines(text));

/** The finished text of an answer. */
export function body(answer) {
  if (!answer.claims.length) return lines(answer.text);
  const citations = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const sentences = answer.claims.map((claim) => ({ text: claim.text, numbers: claim.citations, verdict: claim.verdict }));
  return paragraph(sentences, (number) => note(answer, citations.get(number)));
}

function paragraph(sentences, mark) {
  return el(
    "p",
    { class: "answer", dir: "auto" },
    sentences.map(({ text, numbers, verdict }) => [
      el("span", { class: verdict && verdict !== "supported" ? `claim ${verdict}` : "claim" }, text),
      verdict && verdict !== "supported" ? el("span", { class: "unseen" }, ` (${S[verdict]})`) : null,
      numbers.length ? el("sup", { class: "fns" }, numbers.map(mark)) : null,
      " ",
    ]),
  );
}

/** Plain text of one or more lines; lines that begin with a dash are a list. */
function lines(text) {
  const blocks = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("- ")) {
      if (blocks.at(-1)?.tagName !== "UL") blocks.push(el("ul", { class: "answer" }));
      blocks.at(-1).append(el("li", { dir: "auto" }, line.slice(2)));
    } else if (line.trim()) blocks.push(el("p", { class: "answer", dir: "auto" }, line));
  }
  return el("div", {}, blocks);
}

const routeOf = (answer, cite) => href({ view: "talk", id: answer.conversation_id, turn: answer.turn_id, cite });

/** A footnote's number in the text: a link to its source beside. */
export function note(answer, citation) {
  const label = S.footnote(citation.number, citation.title, origin(citation));
  const link = el("a", { class: "fn", href: routeOf(answer, citation.number), "aria-label": label }, citation.number);
  cited.set(link, citation);
  return link;
}

/** The sources of an answer as printed footnotes; a source that is the one before is not named again. */
export function sources(answer) {
  if (!answer.citations.length) return null;
  const list = answer.citations.map((citation, index) => {
    const same = index > 0 && answer.citations[index - 1].document_id === citation.document_id;
    return el(
      "li",
      { value: citation.number },
      el("span", { class: "number", "aria-hidden": "true" }, citation.number),
      el(
        "span",
        { dir: "auto" },
        el("a", { href: routeOf(answer, citation.number), class: "source" }, same ? S.same : citation.title),
        el("span", { class: "of" }, [same ? "" : origin(citation), spot(citation), citation.also_in.length ? S.alsoIn(citation.also_in.length) : ""].filter(Boolean).map((part) => ` · ${part}`)),
      ),
    );
  });
  return el("section", { class: "sources", "aria-label": S.sources }, el("ol", {}, list));
}

/** The sides of each disagreement beside one another. */
export function disagreements(answer) {
  const citations = new Map(answer.citations.map((citation) => [citation.number, citation]));
  return answer.disagreements.map(({ sides }) =>
    el(
      "section",
      { class: "disagree" },
      el("h3", {}, S.disagree),
      el(
        "div",
        { class: "sides" },
        sides.map(({ citation: number, value }) => {
          const citation = citations.get(number);
          return el(
            "div",
            { class: "side" },
            el("p", { class: "value", dir: "auto" }, value, citation ? el("sup", { class: "fns" }, note(answer, citation)) : null),
            citation ? el("p", { class: "of" }, origin(citation)) : null,
          );
        }),
      ),
    ),
  );
}

/** What the program says of an answer in its own words. */
export function remarks(answer) {
  const weak = answer.claims.some((claim) => claim.verdict !== "supported");
  const said = [
    weak ? S.weakNote : null,
    answer.answered && answer.answerer === "llm" ? S.byModel : null,
    ...answer.notices.map((notice) => notice.text),
    answer.rejected.length ? S.rejected(answer.rejected.length) : null,
  ].filter(Boolean);
  return [
    answer.missing.length
      ? el("section", { class: "missing" }, el("h3", {}, S.missing), el("ul", {}, answer.missing.map((part) => el("li", { dir: "auto" }, part))))
      : null,
    said.length ? el("ul", { class: "remarks" }, said.map((text) => el("li", {}, text))) : null,
  ];
}

/** The nearest evidence to a declined question. */
export function nearest(answer) {
  if (!answer.nearest.length) return null;
  const items = answer.nearest.map((citation, index) => passage(citation, citation.quote, routeOf(answer, `n${index + 1}`)));
  return el("section", { class: "nearest" }, el("h3", {}, S.nearest), el("ul", { class: "passages" }, items));
}

/** A stretch of a source as an item of a list, with the link that opens it in its place. */
export function passage(source, text, link, more = null) {
  return el(
    "li",
    {},
    el("a", { href: link, class: "quote", dir: "auto", lang: langOf(source.language) }, text === REMOVED ? S.sourceRemoved : text),
    el("span", { class: "of", dir: "auto" }, el("span", { class: "title" }, source.title), [origin(source), spot(source)].filter(Boolean).map((part) => ` · ${part}`)),
    more,
  );
}

/** The words of a citation with whose they are: what a footnote shows when it is pointed at. */
export function card(citation) {
  return [
    el("blockquote", { dir: "auto", lang: langOf(citation.language) }, citation.quote === REMOVED ? S.sourceRemoved : citation.quote),
    el("p", { class: "title", dir: "auto" }, citation.title),
    el("p", { class: "of" }, [origin(citation), spot(citation)].filter(Boolean).join(" · ")),
    citation.url ? el("p", { class: "of url" }, webLink(citation.url)) : null,
  ];
}
