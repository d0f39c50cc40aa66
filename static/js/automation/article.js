// The editor of an answer: what is typed stands in the preview at once.
const form = document.querySelector("[data-article]");
const preview = form.querySelector("[data-preview]");

function show() {
  for (const name of ["question", "answer"]) {
    preview.querySelector(`[data-preview-text=${name}]`).textContent = form.elements[name].value;
  }
  const titles = [...form.querySelectorAll("input[name=buttons]")].map((input) => input.value.trim()).filter(Boolean);
  preview.querySelector("[data-preview-buttons]").replaceChildren(
    ...titles.map((title) => Object.assign(document.createElement("li"), { textContent: title })),
  );
}

form.addEventListener("input", show);

// What customers wrote goes into the first empty wording with one press.
const phrasings = form.querySelector("[data-phrasings]");
const proposals = form.querySelector("[data-proposals]");

function place() {
  const inputs = [...phrasings.querySelectorAll("input")];
  const empty = inputs.find((input) => !input.value.trim());
  if (empty || inputs.length >= Number(proposals.dataset.most)) return empty;
  const added = inputs.at(-1).cloneNode();
  added.ariaLabel = inputs.at(-1).ariaLabel.replace(/\d+/, inputs.length + 1);
  added.value = "";
  phrasings.append(added);
  return added;
}

proposals.addEventListener("click", (event) => {
  const button = event.target.closest("[data-proposal]");
  if (!button) return;
  event.preventDefault();
  const input = place();
  if (!input) return;
  input.value = button.value;
  const line = button.closest("li");
  const next = (line.nextElementSibling ?? line.previousElementSibling)?.querySelector("button");
  (next ?? input).focus();
  line.remove();
  if (!next) proposals.replaceChildren();
});
