// Asks before what cannot be undone: hx-confirm on htmx requests, data-confirm on plain buttons and forms.
// data-confirm-action names the button ("Delete"); otherwise it says yes.
const dialog = document.getElementById("confirm-dialog");
const confirmed = new WeakSet();

function ask(question, action) {
  const ok = dialog.querySelector("[data-confirm-ok]");
  ok.dataset.usual ??= ok.textContent;
  ok.textContent = action || ok.dataset.usual;
  dialog.querySelector("[data-confirm-text]").textContent = question;
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question || !dialog) return;
  event.preventDefault();
  const action = event.detail.elt.closest("[data-confirm-action]")?.dataset.confirmAction;
  if (await ask(event.detail.question, action)) event.detail.issueRequest(true);
});

document.addEventListener(
  "submit",
  async (event) => {
    const asking = event.submitter?.closest("[data-confirm]") ?? event.target.closest("[data-confirm]");
    if (!asking || !dialog || confirmed.delete(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    if (await ask(asking.dataset.confirm, asking.dataset.confirmAction)) {
      confirmed.add(event.target);
      event.target.requestSubmit(event.submitter);
    }
  },
  true,
);
