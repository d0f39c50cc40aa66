// The bot's texts: what is typed stands in the preview at once, with the names in braces filled in.
const preview = document.querySelector("[data-bot-preview]");
const sample = JSON.parse(preview.dataset.sample);

function filled(text) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => sample[name] ?? whole);
}

document.querySelector("[data-bot-texts]").addEventListener("input", (event) => {
  const box = event.target;
  const place = preview.querySelector(`[data-says="${box.dataset.botText}"]`);
  if (!place) return;
  const lines = (box.value.trim() ? box.value : box.placeholder).split("\n").map((line) => line.trim()).filter(Boolean);
  place.textContent = filled(lines[0] ?? "");
});
