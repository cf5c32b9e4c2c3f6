// Files: say before sending what is too large or of a kind that is not taken, and list what was chosen.
const inWords = (size) => size > 1048576 ? `${(size / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(size / 1024))} KB`;

function check(field) {
  const most = Number(field.dataset.maxMb) * 1048576;
  const kinds = field.dataset.allow.split(",").map((kind) => kind.trim().toLowerCase()).filter((kind) => kind.startsWith("."));
  const files = [...field.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const wrong = files.filter((file) => file.size > most).map((file) => `“${file.name}”有 ${inWords(file.size)}，超过 ${field.dataset.maxMb} MB，请压缩后再传`)
    .concat(files.filter((file) => kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind))).map((file) => `“${file.name}”的格式不收，可用：${kinds.join(" ")}`));
  const place = field.querySelector(".k-field-error");
  place.textContent = wrong.join("；");
  place.hidden = !wrong.length;
  field.classList.toggle("k-wrong", wrong.length > 0);
  field.querySelector("input[type=file]").setCustomValidity(wrong.join("；"));
  field.querySelector(".k-chosen").replaceChildren(...files.map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name}（${inWords(file.size)}）`;
    return item;
  }));
}

export function startFiles() {
  document.querySelectorAll("[data-files]").forEach((field) => field.addEventListener("change", () => check(field)));
}
