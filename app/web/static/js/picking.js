// Ticks in the ledger: all of the page, all of the filter, how many. The list may be drawn anew at any time, so the page
// itself listens. Without script the boxes and the button work by themselves.
const parts = (form) => ({
  boxes: [...form.querySelectorAll('input[name="cases"]')],
  all: form.querySelector("[data-pick-all]"),
  whole: form.querySelector("[data-pick-whole]"),
  said: form.querySelector("[data-pick-count]"),
});

function count(form) {
  const { boxes, all, whole, said } = parts(form);
  if (!all) return;
  const chosen = boxes.filter((box) => box.checked).length;
  all.checked = chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  const isWhole = Boolean(whole?.checked);
  boxes.forEach((box) => { box.disabled = isWhole; });
  all.disabled = isWhole;
  said.textContent = isWhole ? "已选全部" : chosen ? `已选 ${chosen} 件` : "";
}

function begin() {
  const form = document.querySelector("form[data-picking]");
  const label = form?.querySelector("[data-pick-all-label]");
  if (!label) return;
  label.hidden = false;
  count(form);
}

export function startPicking() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-picking]");
    if (!form) return;
    if (event.target.matches("[data-pick-all]")) {
      parts(form).boxes.forEach((box) => { box.checked = event.target.checked; });
    }
    count(form);
  });
  document.addEventListener("htmx:load", begin);
  begin();
}
