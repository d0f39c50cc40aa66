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
