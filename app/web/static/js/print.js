// Print: a button that opens the browser's print window; it stays hidden where there is no script.
export function startPrint() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}
