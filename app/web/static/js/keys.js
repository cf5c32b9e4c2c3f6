// Single keys: j and k walk the rows of a list, Enter opens, [ and ] turn pages, / searches, ? explains. They can be
// switched off. The arrows walk the days of a calendar.
import { read } from "./store.js";

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

function step(by) {
  const rows = [...document.querySelectorAll("table[data-keys] tbody tr")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest("tr"));
  const row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
  row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

const turn = (way) => document.querySelector(`a[rel="${way}"]`)?.click();

function walk(event) {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
  if (!by || !event.target.matches("[data-days] [data-day]")) return false;
  const days = [...event.target.closest("[data-days]").querySelectorAll("[data-day]")];
  const day = days[days.indexOf(event.target) + by];
  if (day) day.focus();
  return true;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (walk(event)) { event.preventDefault(); return; }
    if (event.key === "Enter" && event.target.matches("table[data-keys] tbody tr")) {
      const link = event.target.querySelector("a[href]");
      if (link) link.click();
      return;
    }
    if (read("dukao:keys") === "off") return;
    const acts = {
      j: () => step(1),
      k: () => step(-1),
      "[": () => turn("prev"),
      "]": () => turn("next"),
      "/": () => [...document.querySelectorAll("[data-search]")].filter((input) => input.offsetParent).pop()?.focus(),
      "?": () => document.getElementById("shortcuts")?.showModal(),
    };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
}
