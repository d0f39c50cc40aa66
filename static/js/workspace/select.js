// Choosing rows of the queue. Where nothing hovers, a button above the queue shows the boxes.
import { choosing } from "../ui/choosing.js";

const { clear } = choosing({
  list: "queue-list",
  row: ".queue-item",
  boxes: ".queue-choose input",
  current: ".queue-item--current",
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "workspace") clear();
});
