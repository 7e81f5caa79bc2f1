// Files and addresses on their way into the library, each until its final state.

import { byId, el, signButton } from "./dom.js";
import { call, get, pathOf } from "./api.js";
import { complain, say, toast } from "./live.js";
import { S } from "./strings.js";

const EVERY_MS = 600;
let uploads = [];
let sending = [];
let polling = false;
let cleared = new Set();

/** Sends files, several at once in one request each so that one that is refused spoils no other. */
export async function addFiles(files) {
  const batch = [...files].map((file) => ({ name: file.name, file }));
  sending.push(...batch);
  draw();
  for (const one of batch) {
    const form = new FormData();
    form.append("file", one.file, one.name);
    await send({ form }, one);
  }
}

/** Has the server fetch an address. */
export async function addUrl(url) {
  const one = { name: url };
  sending.push(one);
  draw();
  return send({ json: { url } }, one);
}

async function send(options, one) {
  try {
    const { uploads: begun } = await call("POST", "/api/documents", options);
    uploads = [...begun, ...uploads];
    return true;
  } catch (error) {
    complain(new Error(`${one.name}: ${error.message}${error.hint ? `; ${error.hint}` : ""}`));
    return false;
  } finally {
    sending = sending.filter((other) => other !== one);
    draw();
    follow();
  }
}

/** Takes up uploads that were under way when the page was left. */
export async function resumeUploads() {
  try {
    uploads = (await get("/api/uploads")).uploads;
  } catch {
    return; // the banner says so
  }
  cleared = new Set(uploads.filter(({ done }) => done).map(({ id }) => id));
  draw();
  follow();
}

async function follow() {
  if (polling) return;
  polling = true;
  while (uploads.some(({ done }) => !done)) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    let now;
    try {
      now = (await get("/api/uploads")).uploads;
    } catch {
      break; // begun again when the server is back
    }
    const before = new Map(uploads.map((upload) => [upload.id, upload]));
    const ended = now.filter((upload) => upload.done && before.get(upload.id)?.done === false);
    uploads = now;
    draw();
    for (const upload of ended) say(`${upload.name}: ${S.states[upload.state] ?? upload.state}`);
    if (ended.length) document.dispatchEvent(new CustomEvent("documents-changed"));
  }
  polling = false;
}

document.addEventListener("server-back", follow);

function draw() {
  const place = byId("uploads");
  if (!place) return;
  const shown = uploads.filter(({ id }) => !cleared.has(id));
  place.hidden = !shown.length && !sending.length;
  const done = shown.filter((upload) => upload.done).length;
  const all = shown.length + sending.length;
  const clear = () => {
    cleared = new Set(uploads.filter((upload) => upload.done).map(({ id }) => id));
    draw();
  };
  place.replaceChildren(
    el(
      "div",
      { class: "row" },
      el("h3", {}, done === all ? S.uploadsDone : S.uploads),
      el("span", { class: "hint" }, S.uploadsProgress(done, all)),
      done < all ? el("progress", { max: all, value: done, "aria-label": S.uploadsProgress(done, all) }) : el("button", { type: "button", class: "plain", onclick: clear }, S.clearUploads),
    ),
    el("ul", {}, sending.map(({ name }) => line(name, S.sending, "", "waiting")), shown.map(item)),
  );
}

function item(upload) {
  const cancel = async () => {
    try {
      await call("DELETE", pathOf("uploads", upload.id));
    } catch (error) {
      if (error.code !== "already_done") toast(error.message);
    }
    follow();
  };
  const own = line(upload.name, S.states[upload.state] ?? upload.state, upload.reason ?? "", upload.state);
  if (!upload.done) own.append(signButton("close", S.cancelUpload(upload.name), cancel));
  else if (upload.document_id && upload.state !== "failed") {
    own.append(el("button", { type: "button", class: "plain", onclick: () => document.dispatchEvent(new CustomEvent("ask-about", { detail: { id: upload.document_id, title: upload.name } })) }, S.askAboutUpload));
  }
  if (upload.documents?.length > 1) {
    own.append(el("ul", {}, upload.documents.map(({ path, state, reason }) => line(path.split("/").at(-1), S.states[state] ?? state, reason ?? "", state))));
  }
  return own;
}

const line = (name, words, reason, state) =>
  el("li", { class: `upload ${state}` }, el("span", { class: "name", dir: "auto" }, name), el("span", { class: "state" }, words), reason ? el("span", { class: "reason" }, reason) : null);
