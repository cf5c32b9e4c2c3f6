// The frame: panels that open and close, dialogs, contrast, filters that stand open on a wide screen.
import { read, write } from "./store.js";

function startPanels() {
  document.querySelectorAll("[data-closes]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const panel = button.closest("details");
      panel.open = false;
      panel.querySelector("summary").focus();
    });
  });
  document.querySelectorAll("details.k-panel").forEach((panel) => panel.addEventListener("toggle", () => {
    if (!panel.open) return;
    document.querySelectorAll("details.k-panel[open]").forEach((other) => { if (other !== panel) other.open = false; });
    const first = panel.querySelector(".k-field input, .k-field select, .k-field textarea, button[type=submit]");
    if (first && !panel.querySelector("[data-summary]")) first.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = [...document.querySelectorAll("details[data-escape][open]")].pop();
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.k-person[open], details.k-more[open]").forEach((sheet) => {
      if (!sheet.contains(event.target)) sheet.open = false;
    });
  });
}

function startContrast() {
  const root = document.documentElement;
  const isMore = () => root.dataset.contrast ? root.dataset.contrast === "more" : matchMedia("(prefers-contrast: more)").matches;
  document.querySelectorAll("[data-contrast-toggle]").forEach((button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isMore()));
    button.addEventListener("click", () => {
      root.dataset.contrast = isMore() ? "less" : "more";
      write("dukao:contrast", root.dataset.contrast);
      button.setAttribute("aria-pressed", String(isMore()));
    });
  });
}

function openWide(root) {
  if (!matchMedia("(min-width: 768px)").matches) return;
  root.querySelectorAll("details[data-open-wide]").forEach((fold) => { fold.open = true; });
}

export function startFrame() {
  startPanels();
  startContrast();
  openWide(document);
  document.querySelectorAll("[data-opens]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
  });
  const off = document.querySelector("[data-keys-off]");
  if (off) {
    off.checked = read("dukao:keys") === "off";
    off.addEventListener("change", () => write("dukao:keys", off.checked ? "off" : "on"));
  }
}
