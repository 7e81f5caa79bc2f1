// Copying: an answer with its footnotes as text, and links.

import { origin, spot } from "./format.js";
import { toast } from "./live.js";
import { S } from "./strings.js";

/** A question and its answer as text, the sources numbered below. */
export function asText(answer) {
  const notes = answer.citations.map((citation) => {
    const where = [citation.title, origin(citation), spot(citation), citation.url ?? citation.path].filter(Boolean).join(". ");
    return `[${citation.number}] ${where}.\n    “${citation.quote}”`;
  });
  return [answer.question, answer.text, notes.join("\n")].filter(Boolean).join("\n\n") + "\n";
}

/** Puts a text into the clipboard and says so; browsers refuse it to pages from other hosts without TLS. */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast(copyBySelection(text) ? done : S.copyFailed);
  }
}

function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
