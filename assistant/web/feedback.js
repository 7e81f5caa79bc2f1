// Thumbs and a correction for an answer.

import { el, signButton } from "./dom.js";
import { call } from "./api.js";
import { complain, toast } from "./live.js";
import { S } from "./strings.js";

/** The two thumbs, and the form that a click on one unfolds. */
export function feedback(answer) {
  let given = { rating: answer.feedback?.rating ?? null, correction: answer.feedback?.correction ?? null };
  const form = el("form", { class: "correction", hidden: true });
  const field = el("textarea", { rows: 2, maxlength: 10000, "aria-label": S.correction, placeholder: S.correction });
  field.value = given.correction ?? "";

  const thumbs = ["up", "down"].map((rating) => {
    const pressed = () => send({ ...given, rating: given.rating === rating ? null : rating });
    return signButton(rating, rating === "up" ? S.good : S.bad, pressed, { "data-rating": rating });
  });

  const show = () => {
    for (const thumb of thumbs) thumb.setAttribute("aria-pressed", String(thumb.dataset.rating === given.rating));
  };
  const send = async (wanted) => {
    try {
      const kept = await call("POST", "/api/feedback", { json: { turn_id: answer.turn_id, ...wanted } });
      given = { rating: kept.rating, correction: kept.correction };
      show();
      form.hidden = given.rating === null;
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  };
  form.append(
    field,
    el("div", { class: "row" }, el("span", { class: "hint" }, S.correctionHint), el("button", { class: "plain" }, S.save)),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await send({ ...given, correction: field.value.trim() || null })) {
      toast(S.feedbackKept);
      form.hidden = true;
    }
  });
  show();
  return { thumbs, form };
}
