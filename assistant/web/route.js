// Where the page is, as the part of its address behind "#": a conversation, the library, and the source that is open.
//
//   #/                       a new question
//   #/c/ID?turn=T&cite=2     a conversation, at a turn, with the source of a footnote open
//   #/library?doc=D&at=4-20  the library, with a document open at a stretch of its text

const FIELDS = ["turn", "cite", "doc", "at", "version"];

export function parse(hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  const [, view, id] = path.split("/").map(decoded);
  const parameters = new URLSearchParams(query);
  const route = { view: view === "library" ? "library" : "talk", id: view === "c" && id ? id : null };
  for (const field of FIELDS) route[field] = parameters.get(field);
  return route;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function href(route) {
  const path = route.view === "library" ? "/library" : route.id ? `/c/${encodeURIComponent(route.id)}` : "/";
  const parameters = new URLSearchParams();
  for (const field of FIELDS) if (route[field]) parameters.set(field, route[field]);
  return `#${path}${parameters.size ? `?${parameters}` : ""}`;
}

export const here = () => parse(location.hash);

/** Goes to a route; with `replace` the step leaves no trace for the back button. */
export function go(route, { replace = false } = {}) {
  const to = href(route);
  if (to !== (location.hash || "#/")) history[replace ? "replaceState" : "pushState"]({ inside: true }, "", to);
  document.dispatchEvent(new CustomEvent("route"));
}

export const withoutSource = (route) => ({ ...route, cite: null, doc: null, at: null, version: null });
