// The list of customers: choosing rows, and moving through them with the keys of the inbox.
import { choosing } from "../ui/choosing.js";

choosing({ list: "customer-rows", row: ".customer-row", boxes: ".row-choose input[name=id]" });

const rows = () => [...document.querySelectorAll(".customer-row")];

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement?.closest?.(".customer-row"));
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by));
  all[next]?.querySelector("a")?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open]") || document.querySelector("dialog[open]")) return;
  if (event.key !== "j" && event.key !== "k") return;
  event.preventDefault();
  step(event.key === "j" ? 1 : -1);
});
