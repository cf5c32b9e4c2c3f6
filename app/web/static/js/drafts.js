// Keeps what was typed but not sent: one draft per person, subject and act, until it is sent or the person signs out.
import { keys, read, remove, write } from "./store.js";

const KEEP_DAYS = 14;
const person = document.body.dataset.person || "";
const prefix = `dukao:draft:${person}:`;
const sentKey = `dukao:sent:${person}`;

const keepable = (input) => input.name && !input.name.startsWith("_") && !["csrf_token", "version"].includes(input.name)
  && !["hidden", "password", "file", "submit", "button"].includes(input.type);

function valuesOf(form) {
  return [...form.elements].filter(keepable).map((input) =>
    [input.name, ["checkbox", "radio"].includes(input.type) ? [input.value, input.checked] : input.value]);
}

function same(form, values) {
  return JSON.stringify(valuesOf(form)) === JSON.stringify(values);
}

function put(form, values) {
  form.dispatchEvent(new CustomEvent("draft:rows", { detail: values.map(([name]) => name) }));
  const inputs = [...form.elements].filter(keepable);
  for (const [name, value] of values) {
    for (const input of inputs.filter((each) => each.name === name)) {
      if (Array.isArray(value)) { if (input.value === value[0]) input.checked = value[1]; } else if (!["checkbox", "radio"].includes(input.type)) input.value = value;
    }
  }
}

function tell(form, key, before) {
  const box = document.createElement("div");
  box.className = "k-notice k-tone-info";
  box.setAttribute("role", "status");
  const words = document.createElement("div");
  words.textContent = "已恢复您上次填写但没有提交的内容。 ";
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn";
  drop.textContent = "不要，清空";
  drop.addEventListener("click", () => { put(form, before); remove(key); box.remove(); });
  words.append(drop);
  box.append(words);
  form.prepend(box);
}

function watch(form) {
  const key = prefix + form.dataset.draft;
  const before = valuesOf(form);
  const kept = "failed" in form.dataset ? null : JSON.parse(read(key) || "null");
  if (kept && !same(form, kept.values)) {
    put(form, kept.values);
    tell(form, key, before);
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (same(form, before)) remove(key); else write(key, JSON.stringify({ at: Date.now(), values: valuesOf(form) }));
    }, 250);
  };
  form.addEventListener("input", save);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    write(key, JSON.stringify({ at: Date.now(), values: valuesOf(form) }));
    write(sentKey, key);
  });
}

export function startDrafts() {
  if (!person) return;
  if (document.querySelector('[data-flash="done"]') && read(sentKey)) remove(read(sentKey));
  remove(sentKey);
  for (const key of keys("dukao:draft:")) {
    const kept = JSON.parse(read(key) || "{}");
    if (!kept.at || Date.now() - kept.at > KEEP_DAYS * 86400000) remove(key);
  }
  document.querySelectorAll("form[data-draft]").forEach(watch);
  document.querySelectorAll("form[data-clear-drafts]").forEach((form) =>
    form.addEventListener("submit", () => keys(prefix).forEach(remove)));
}
