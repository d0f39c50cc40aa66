// The agents' screen. Every module listens on the document and looks things up when they are needed,
// since htmx changes the page beneath.
import "./clocks.js";
import "./answering.js";
import "./composer.js";
import "./handoff.js";
import "./keys.js";
import "./lightbox.js";
import "./macros.js";
import "./mentions.js";
import "./model.js";
import "./palette.js";
import "./presence.js";
import "./queue.js";
import "./reask.js";
import "./select.js";
import "./suggestions.js";
import "./templates.js";
import "./thread.js";
import { follow } from "./live.js";

const workspace = document.getElementById("workspace");
if (workspace) follow(workspace.dataset.events, workspace.dataset.since);
