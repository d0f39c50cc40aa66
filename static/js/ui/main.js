// Everything the pages share. Each module listens on the document, so what htmx brings in later works too.
import "./bell.js";
import "./confirm.js";
import "./copy.js";
import "./dialogs.js";
import "./drawers.js";
import "./hotkeys.js";
import "./menus.js";
import "./reveal.js";
import "./theme.js";
import "./times.js";
import "./toasts.js";
