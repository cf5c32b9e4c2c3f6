// The signer's desk: select all, and how many are selected. Without script the boxes and buttons work by themselves.
export function startSigning() {
  const form = document.querySelector("form[data-signing]");
  if (!form) return;
  const boxes = [...form.querySelectorAll('input[name="slips"]')];
  const all = form.querySelector("[data-sign-all]");
  const said = form.querySelector("[data-sign-count]");
  form.querySelector("[data-sign-all-label]").hidden = false;
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    said.textContent = chosen ? `已选 ${chosen} 张` : "";
  };
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    count();
  });
  form.addEventListener("change", (event) => { if (event.target.name === "slips") count(); });
  count();
}
