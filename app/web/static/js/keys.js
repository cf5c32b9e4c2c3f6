// Single keys: j and k walk the rows of a list, Enter opens, / searches, ? explains. They can be switched off.
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

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "Enter" && event.target.matches("table[data-keys] tbody tr")) {
      const link = event.target.querySelector("a[href]");
      if (link) link.click();
      return;
    }
    if (read("dukao:keys") === "off") return;
    const acts = {
      j: () => step(1),
      k: () => step(-1),
      "/": () => [...document.querySelectorAll("[data-search]")].filter((input) => input.offsetParent).pop()?.focus(),
      "?": () => document.getElementById("shortcuts")?.showModal(),
    };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
}
