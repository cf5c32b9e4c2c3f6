// Forms: one submit only, plain words for what is missing, a question before dangerous acts.
function say(input, words) {
  const field = input.closest(".k-field");
  if (!field) return;
  const place = field.querySelector(".k-field-error");
  field.classList.toggle("k-wrong", Boolean(words));
  if (words) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  if (place) { place.textContent = words; place.hidden = !words; }
}

function wordsFor(input) {
  const state = input.validity;
  if (state.valueMissing) return ["radio", "select-one"].includes(input.type) ? "请选择一项" : input.type === "file" ? "请选择文件" : "请填写这一项";
  if (state.tooShort) return `请至少写 ${input.minLength} 个字`;
  if (state.tooLong) return `最多 ${input.maxLength} 个字`;
  if (state.rangeUnderflow) return `不能早于或小于 ${input.min}`;
  if (state.rangeOverflow) return `不能晚于或大于 ${input.max}`;
  if (state.customError) return input.validationMessage;
  return "格式不对，请核对";
}

function isWhole(form) {
  const wrong = [...form.elements].filter((input) => input.willValidate && !input.checkValidity());
  wrong.forEach((input) => say(input, wordsFor(input)));
  if (wrong.length) wrong[0].focus();
  return wrong.length === 0;
}

function ask(form, words, submitter) {
  const dialog = document.createElement("dialog");
  dialog.className = "k-dialog";
  dialog.innerHTML = '<h2>请再确认一次</h2><p></p><form method="dialog" class="k-dialog-acts"><button class="btn k-quiet" value="no">先不办</button><button class="btn k-danger-fill" value="yes">确认</button></form>';
  dialog.querySelector("p").textContent = words;
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") { form.dataset.confirmed = ""; form.requestSubmit(submitter || undefined); }
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function busy(form, on) {
  if (on) form.dataset.busy = ""; else delete form.dataset.busy;
  form.querySelectorAll('button[type="submit"]').forEach((button) => {
    if (on) { button.dataset.words = button.innerHTML; button.setAttribute("aria-disabled", "true"); button.textContent = "正在提交……"; }
    else if (button.dataset.words) { button.innerHTML = button.dataset.words; button.removeAttribute("aria-disabled"); }
  });
}

function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if ("busy" in form.dataset) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (!isWhole(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  const words = form.dataset.confirm || event.submitter?.dataset.confirm;
  if (words && !("confirmed" in form.dataset)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, words, event.submitter);
    return;
  }
  setTimeout(() => busy(form, true), 0);
}

export function startForms() {
  document.querySelectorAll('form[method="post"]').forEach((form) => { form.noValidate = true; });
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("input", (event) => {
    if (event.target.getAttribute("aria-invalid") && event.target.checkValidity()) say(event.target, "");
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-busy]").forEach((form) => busy(form, false));
  });
  const summary = document.querySelector("[data-summary]");
  if (summary) summary.focus();
}
