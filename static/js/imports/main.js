// A file over the limit is refused before it travels.
const field = document.querySelector("#import-file");

field?.addEventListener("change", () => {
  const file = field.files[0];
  field.setCustomValidity(file && file.size > Number(field.dataset.largest) ? field.dataset.tooLarge : "");
  field.reportValidity();
});
