// The one place where elements are made. Text becomes text nodes, and nothing here takes markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element. `on…` properties are listeners, true is an empty attribute, null and false are none. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  pencil: "M5 19l1-4L16.5 4.5l3 3L9 18z",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7M10.5 11v5M13.5 11v5",
  up: "M8 20h8.5l2.5-7v-2.5h-6l1-5.5-2-.5L8 11zM4 11h4v9H4z",
  down: "M8 4h8.5l2.5 7v2.5h-6l1 5.5-2 .5L8 13zM4 4h4v9H4z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  previous: "M14.5 6l-6 6 6 6",
  next: "M9.5 6l6 6-6 6",
  link: "M10 14l4-4M8.5 11.5l-2 2a3 3 0 004.2 4.2l2-2M15.5 12.5l2-2a3 3 0 00-4.2-4.2l-2 2",
  plus: "M12 6v12M6 12h12",
  search: "M10.5 4.5a6 6 0 100 12 6 6 0 000-12zM15 15l5 5",
};

/** A drawn sign, silent for screen readers: the button around it has the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only a sign; `label` is its name and its tip. */
export function signButton(name, label, onclick, more = {}) {
  return el("button", { type: "button", class: "quiet sign", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

/** A link where the URL is a web address, else the URL as plain text: `javascript:` and the like never become links. */
export function webLink(url, text = url) {
  let parsed = null;
  try {
    parsed = new URL(url);
  } catch {
    return el("span", { class: "no-link" }, url);
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return el("span", { class: "no-link" }, url);
  return el("a", { href: parsed.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** The `lang` of a text where the code is one that a browser can use. */
export const langOf = (language) => (/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language ?? "") ? language : null);

/** Whether the person asked for less motion decides how things are scrolled to. */
export function scrollTo(element, block = "start") {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, inline: "nearest", behavior: still ? "instant" : "smooth" });
}
