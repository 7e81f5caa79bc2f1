// The list of conversations: found by words, renamed, deleted with undo.

import { byId, el, signButton } from "./dom.js";
import { call, get, pathOf } from "./api.js";
import { currentId, retitle } from "./conversation.js";
import { when } from "./format.js";
import { complain, toast } from "./live.js";
import { go, here, href } from "./route.js";
import { S } from "./strings.js";

const PAUSE_MS = 150;
let asked = 0;

/** Fills the list and keeps it in step. */
export function mountHistory() {
  let pause = null;
  byId("history-search").addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(refresh, PAUSE_MS);
  });
  document.addEventListener("conversations-changed", refresh);
  document.addEventListener("server-back", refresh);
  document.addEventListener("conversation-shown", markCurrent);
  return refresh();
}

async function refresh() {
  asked += 1;
  const mine = asked;
  const words = byId("history-search").value.trim();
  let conversations;
  try {
    ({ conversations } = await get("/api/conversations", { q: words }));
  } catch {
    return; // the banner says that the server is gone; the old list stays
  }
  if (mine !== asked) return;
  byId("history-list").replaceChildren(...conversations.map(item));
  const none = byId("history-none");
  none.hidden = conversations.length > 0;
  none.textContent = words ? S.noConversationFound : S.noConversations;
  byId("history-search").hidden = !words && conversations.length < 2;
  markCurrent();
}

function markCurrent() {
  for (const link of byId("history-list").querySelectorAll("a")) {
    if (link.dataset.id === currentId() && here().view === "talk") link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function item(conversation) {
  const { id, title, updated, turns } = conversation;
  const row = el(
    "li",
    {},
    el("a", { href: href({ view: "talk", id }), "data-id": id, title: `${title}\n${S.questions(turns)}, ${when(updated)}` }, el("span", { class: "title", dir: "auto" }, title)),
    signButton("pencil", S.rename(title), () => rename(row, conversation)),
    signButton("bin", S.remove(title), () => remove(conversation)),
  );
  return row;
}

function rename(row, { id, title }) {
  const field = el("input", { type: "text", maxlength: 200, "aria-label": S.newTitle });
  field.value = title;
  let ended = false;
  const end = async (keep) => {
    if (ended) return;
    ended = true;
    const wanted = field.value.trim();
    if (keep && wanted && wanted !== title) {
      try {
        retitle(id, (await call("PATCH", pathOf("conversations", id), { json: { title: wanted } })).title);
      } catch (error) {
        complain(error);
      }
    }
    await refresh();
    [...byId("history-list").querySelectorAll("a")].find((link) => link.dataset.id === id)?.focus();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") end(true);
    if (event.key === "Escape") {
      event.stopPropagation();
      end(false);
    }
  });
  field.addEventListener("blur", () => end(true));
  row.replaceChildren(field);
  field.focus();
  field.select();
}

async function remove({ id, title }) {
  try {
    await call("DELETE", pathOf("conversations", id));
  } catch (error) {
    complain(error);
    return;
  }
  const wasShown = currentId() === id;
  if (wasShown) go({ view: "talk", id: null }, { replace: true });
  toast(S.deletedConversation(title), async () => {
    try {
      await call("POST", `${pathOf("conversations", id)}/restore`);
      toast(S.restored);
      if (wasShown) go({ view: "talk", id });
    } catch (error) {
      toast(error.status === 404 ? S.tooLate : error.message);
    }
    refresh();
  });
  await refresh();
  (byId("history-list").querySelector("a") ?? byId("to-ask")).focus();
}
