// data-reveal="id" shows and hides what is typed into a password field.
function prepare(scope) {
  for (const button of scope.querySelectorAll("[data-reveal][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.querySelector("use").setAttribute("href", `${document.body.dataset.icons}#${shown ? "eye-off" : "eye"}`);
  field.focus();
});
document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
