// The public HTTP API, and nothing else of the server.

import { S } from "./strings.js";

/** What the server refused, with its own words for what to do. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.message ?? S.refused(status));
    this.status = status;
    this.code = body?.code ?? "http_error";
    this.hint = body?.hint ?? "";
  }
}

/** The server does not answer at all. */
export class Gone extends Error {
  constructor() {
    super(S.gone);
    this.hint = S.goneHint;
  }
}

/** A request. Raises Refused or Gone; an abort by `signal` is passed on as it is. */
export async function request(method, path, { json, form, signal } = {}) {
  const headers = json === undefined ? {} : { "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(path, { method, headers, body: form ?? (json === undefined ? undefined : JSON.stringify(json)), signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    document.dispatchEvent(new CustomEvent("server-gone"));
    throw new Gone();
  }
  if (response.ok) return response;
  let body = null;
  try {
    body = (await response.json()).error;
  } catch {
    // no JSON: the status alone has to do
  }
  throw new Refused(response.status, body);
}

/** What a request brings, as JSON; null where there is nothing. */
export async function call(method, path, options) {
  const response = await request(method, path, options);
  return response.status === 204 ? null : response.json();
}

export const get = (path, parameters = {}, options) => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") query.append(name, one);
  }
  return call("GET", query.size ? `${path}?${query}` : path, options);
};

export const pathOf = (...parts) => `/api/${parts.map(encodeURIComponent).join("/")}`;

/** The events of a stream: `{name, data}` each. Raises Gone where the stream ends before its last event. */
export async function* streamed(path, json, signal) {
  const response = await request("POST", path, { json, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      if (signal.aborted) throw error;
      document.dispatchEvent(new CustomEvent("server-gone"));
      throw new Gone();
    }
    if (part.done) break;
    const blocks = (held + part.value).split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const event = eventOf(block);
      yield event;
      if (event.name === "answer" || event.name === "error") return;
    }
  }
  document.dispatchEvent(new CustomEvent("server-gone"));
  throw new Gone();
}

function eventOf(block) {
  const fields = { event: "message", data: [] };
  for (const line of block.split("\n")) {
    if (line.startsWith("data: ")) fields.data.push(line.slice(6));
    else if (line.startsWith("event: ")) fields.event = line.slice(7);
  }
  return { name: fields.event, data: JSON.parse(fields.data.join("\n") || "null") };
}
