// Writing a template: fields for the samples of its places, and what it will look like.
const form = document.getElementById("template-writing");
const HOLE = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

const value = (name) => form.elements[name]?.value ?? "";

/** The places of the text as it stands, by their keys. */
function places() {
  const found = [];
  const parts = value("header_kind") === "text" ? ["header", "body"] : ["body"];
  for (const part of parts) for (const [, name] of value(part).matchAll(HOLE)) found.push(`${part}.${name}`);
  let index = 0;
  for (let row = 0; form.elements[`button-${row}-kind`]; row += 1) {
    if (!value(`button-${row}-kind`)) continue;
    if (value(`button-${row}-kind`) === "url" && /\{\{/.test(value(`button-${row}-target`))) found.push(`button.${index}`);
    index += 1;
  }
  return [...new Set(found)];
}

function showSamples() {
  const holder = form.querySelector("[data-samples]");
  const known = new Map([...holder.querySelectorAll("input")].map((input) => [input.name.slice("sample.".length), input]));
  const wanted = places();
  form.querySelector("#template-samples").hidden = !wanted.length;
  for (const [key, input] of known) if (!wanted.includes(key)) input.closest(".field").remove();
  for (const key of wanted) {
    if (known.has(key)) continue;
    const field = document.createElement("div");
    field.className = "field";
    const label = document.createElement("label");
    label.htmlFor = `sample-${key}`;
    label.textContent = `${form.dataset.textSample} ${key}`;
    const input = Object.assign(document.createElement("input"), { id: `sample-${key}`, name: `sample.${key}`, maxLength: 200, autocomplete: "off" });
    field.append(label, input);
    holder.append(field);
  }
}

function showPreview() {
  for (const part of ["header", "body", "footer"]) {
    const place = form.querySelector(`[data-preview="${part}"]`);
    const hidden = part === "header" && value("header_kind") !== "text";
    place.textContent = hidden ? "" : value(part).replace(HOLE, (hole, name) => value(`sample.${part}.${name}`) || hole);
    place.hidden = !place.textContent;
  }
}

function showFields() {
  for (const part of form.querySelectorAll("[data-shown-for]")) {
    part.hidden = !part.dataset.shownFor.split(" ").includes(value("header_kind"));
  }
}

function refresh() {
  showFields();
  showSamples();
  showPreview();
}

if (form) {
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  refresh();
}
