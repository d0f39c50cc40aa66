// Shows what needs passkeys where the browser has them, and says in words when the device refused.
import { toast } from "../ui/toasts.js";

if (window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-needs-passkeys]")) element.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  toast(document.querySelector("[data-passkey-refused]").dataset.passkeyRefused, "error");
});
