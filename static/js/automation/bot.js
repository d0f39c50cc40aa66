// The bot's texts: what is typed stands in the previews at once, with the names in braces filled in.
const form = document.querySelector("[data-bot-texts]");
const sample = JSON.parse(form.dataset.sample);

function filled(text) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => sample[name] ?? whole);
}

form.addEventListener("input", (event) => {
  const box = event.target;
  const lines = (box.value.trim() ? box.value : box.placeholder).split("\n").map((line) => line.trim()).filter(Boolean);
  for (const place of form.querySelectorAll(`[data-says="${box.dataset.botText}"]`)) {
    place.textContent = filled(lines[0] ?? "");
  }
});
