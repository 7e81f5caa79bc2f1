// Words and numbers as people read them; text by code points, as the API counts it.

import { S } from "./strings.js";

const MONTHS = Array.from({ length: 12 }, (_, month) =>
  new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2001, month, 1))),
);

/** "2026-03-10" as "10 March 2026"; what is known to the month or the year alone stays so. */
export function day(iso) {
  const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(iso ?? "");
  if (!found) return iso ?? "";
  const [, year, month, date] = found;
  return [date && Number(date), month && MONTHS[Number(month) - 1], year].filter(Boolean).join("\u00a0");
}

/** A stamp as "today", "yesterday", or its day. */
export function when(stamp) {
  const then = new Date(stamp);
  if (Number.isNaN(then.getTime())) return "";
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return S.today(then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }));
  if (days === 1) return S.yesterday;
  return day([then.getFullYear(), then.getMonth() + 1, then.getDate()].map((n) => String(n).padStart(2, "0")).join("-"));
}

/** Whose a source is: outlet, author, day and kind, as far as known. */
export const origin = (source) =>
  [source.outlet, source.author, day(source.published), source.kind && (S.kinds[source.kind] ?? source.kind)].filter(Boolean).join(" · ");

/** Where in a source: page and heading, as far as known. */
export const spot = (source) => [source.page && S.page(source.page), source.heading].filter(Boolean).join(" · ");

/** A text that can be cut by code points. Most texts hold none beyond the first plane, and then code units do. */
export function byCodePoints(text) {
  if (!/[\ud800-\udfff]/.test(text)) return { length: text.length, slice: (start, end) => text.slice(start, end) };
  const points = Array.from(text);
  return { length: points.length, slice: (start, end) => points.slice(start, end).join("") };
}

/** The lines of a text, each with where it begins and ends in code points. */
export function linesOf(text) {
  let start = 0;
  return text.split("\n").map((line) => {
    const end = start + byCodePoints(line).length;
    const found = { line, start, end };
    start = end + 1;
    return found;
  });
}

/** An answer's text as a list of sentences, each with the footnote numbers behind it. */
export function sentencesOf(text) {
  const found = [];
  const pattern = /\s*((?:\[\d+\])+)/g;
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const numbers = Array.from(match[1].matchAll(/\d+/g), ([digits]) => Number(digits));
    found.push({ text: text.slice(from, match.index).trim(), numbers });
    from = match.index + match[0].length;
  }
  const rest = text.slice(from).trim();
  return rest ? [...found, { text: rest, numbers: [] }] : found;
}
