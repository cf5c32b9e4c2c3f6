// Rows that repeat (measures): blank spare rows are folded away, one can be added and removed.
const isBlank = (row) => [...row.querySelectorAll("input, textarea, select")].every((input) =>
  ["checkbox", "radio"].includes(input.type) ? !input.checked : !input.value || input.tagName === "SELECT") && !row.querySelector(".k-wrong");

const nameOf = (group) => group.id.split("-").pop();

function number(group) {
  const counted = new RegExp(`${nameOf(group)}-\\d+-`, "g");
  const rows = [...group.querySelectorAll("[data-row]")];
  rows.forEach((row, index) => {
    row.querySelector(".k-row-number").textContent = index + 1;
    row.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+/, index + 1));
    row.querySelector("[data-row-remove]").hidden = rows.length === 1;
    row.querySelectorAll("[name], [id], [for], [aria-describedby]").forEach((part) => {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(counted, `${nameOf(group)}-${index}-`));
      }
    });
  });
  group.querySelector("[data-row-add]").hidden = rows.length >= Number(group.dataset.most);
}

function add(group) {
  const rows = [...group.querySelectorAll("[data-row]")];
  const row = rows[rows.length - 1].cloneNode(true);
  row.querySelectorAll("input:not([type=checkbox]):not([type=radio]), textarea").forEach((input) => { input.value = ""; });
  row.querySelectorAll(".k-wrong").forEach((field) => field.classList.remove("k-wrong"));
  row.querySelectorAll(".k-field-error").forEach((error) => { error.textContent = ""; error.hidden = true; });
  rows[rows.length - 1].after(row);
  number(group);
  return row;
}

export function startRows() {
  document.querySelectorAll("[data-repeat]").forEach((group) => {
    [...group.querySelectorAll("[data-row]")].slice(1).filter(isBlank).forEach((row) => row.remove());
    number(group);
    group.addEventListener("click", (event) => {
      if (event.target.closest("[data-row-add]")) add(group).querySelector("input, textarea, select").focus();
      const gone = event.target.closest("[data-row-remove]");
      if (gone) {
        gone.closest("[data-row]").remove();
        number(group);
        group.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    group.closest("form").addEventListener("draft:rows", (event) => {
      while (event.detail.some((name) => name.startsWith(`${nameOf(group)}-`) && !group.querySelector(`[name="${CSS.escape(name)}"]`))
        && group.querySelectorAll("[data-row]").length < Number(group.dataset.most)) add(group);
    });
  });
}
