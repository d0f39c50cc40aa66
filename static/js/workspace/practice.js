// Practising: the workspace's own modules, without a stream and without the rest of the house.
import "./answering.js";
import "./clocks.js";
import "./composer.js";
import "./handoff.js";
import "./keys.js";
import "./reask.js";
import "./suggestions.js";
import { byId, openPane, replace } from "./dom.js";

function toFeedback() {
  document.querySelector(".practice-feedback")?.scrollIntoView({ block: "start" });
}

// The customer answers in the same breath: new proposals then, and when he has gone the way on.
document.addEventListener("puente:integrated", ({ detail }) => {
  const foot = detail.fresh.getElementById("practice-foot");
  if (foot) {
    replace(byId("practice-foot"), foot);
    byId("practice-foot").querySelector("a")?.focus();
    toFeedback();
    return;
  }
  const changed = { kind: "suggestions", data: { conversation: openPane().dataset.id } };
  document.dispatchEvent(new CustomEvent("puente:event", { detail: changed }));
});
toFeedback();
