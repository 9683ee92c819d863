/**
 * Keyboard shortcuts: where they work, a switch that turns them off, and a list of them that the
 * legend is part of.
 *
 * Buttons show their shortcut in a <kbd>, so the page itself says which there are. Streamlit would
 * obey them too, but not from a list that was used last, and even where Space presses a button. So
 * the keys that are one letter, an arrow or Space are handled here, and kept from Streamlit.
 */

import { legendRows } from "./legend.js";

const KEYS = { Space: " ", "←": "ArrowLeft", "→": "ArrowRight" };
const SHORTCUT = "button kbd[aria-label^='Shortcut']";
const FIELDS = "input, textarea, select, [contenteditable=true], [data-testid=stDataFrame]";
const NO_TEXT = "[type=checkbox], [type=radio], [type=range], [type=file], [type=button]";
/** Widgets that use a key themselves. */
const OWNERS = {
  " ": "button, summary, a[href], input:not([role=combobox]), [role=radio], [role=option], canvas",
  ArrowLeft: "[role=radiogroup], [role=toolbar], [role=slider], [type=range], [role=listbox], [role=application], canvas",
};
OWNERS.ArrowRight = OWNERS.ArrowLeft;
const GROUP = "[role=radiogroup], [role=toolbar]"; // of buttons, which the arrow keys choose
const MODAL = "dialog[open], [role=dialog][aria-modal=true]";
const SWITCH = "nets shortcuts"; // in the browser's memory of this visit
const NAME = "Legend and keyboard";
const DIALOG = `
  <h2>Legend</h2>
  <table class="words"></table>
  <div class="keys">
    <h2>Keyboard</h2>
    <table></table>
    <label><input type="checkbox"> Use the shortcuts of single keys</label>
  </div>
  <form method="dialog"><button>Close</button></form>
`;
const ALWAYS = [
  ["Ctrl+Z", "Undo"],
  ["Ctrl+Shift+Z", "Redo"],
  ["?", "Legend and this list"],
  ["Tab", "The next button, field or picture"],
  ["↑ ↓", "In a field: a larger or smaller number"],
  ["← ↑ → ↓", "In the diagram: from neuron to weight to neuron"],
  ["Enter", "In the diagram: select what is lit; Escape leaves it"],
];

export class Shortcuts {
  /** @param root the element that holds the stage. */
  constructor(root, signal) {
    this.root = root;
    this.dialog = document.createElement("dialog");
    Object.assign(this.dialog, { className: "shortcuts", tabIndex: -1 });
    this.dialog.innerHTML = DIALOG;
    this.box = this.dialog.querySelector("input");
    this.box.addEventListener("change", () => this.turn(this.box.checked));
    this.opener = document.createElement("button");
    Object.assign(this.opener, { type: "button", className: "open-shortcuts", textContent: "?" });
    this.opener.setAttribute("aria-label", NAME);
    this.opener.title = NAME;
    this.opener.addEventListener("click", () => this.open());
    root.querySelector(matchMedia("(pointer: coarse)").matches ? ".legend" : ".picture").append(this.opener);
    root.append(this.dialog);
    window.addEventListener("keydown", (event) => this.press(event), { capture: true, signal });
    const clicked = ({ target }) => (this.clicked = target.closest?.(GROUP));
    window.addEventListener("pointerdown", clicked, { capture: true, signal });
    // Streamlit listens at the document, and React below the body.
    document.body.addEventListener("keydown", (event) => this.keep(event), { signal });
  }

  get on() {
    return sessionStorage.getItem(SWITCH) !== "off";
  }

  turn(on) {
    if (on) sessionStorage.removeItem(SWITCH);
    else sessionStorage.setItem(SWITCH, "off");
  }

  /** Press the button of a shortcut. */
  press(event) {
    const { key, target } = event;
    if (key === "Tab") this.clicked = null;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return;
    const isOwn = isOwnKey(target, key) && !(target.closest(GROUP) && this.clicked?.contains(target));
    if (!this.on || isOwn || document.querySelector(MODAL)) {
      this.kept = key === "Escape" ? null : event;
      return;
    }
    const button = key === "?" ? this.opener : buttonOf(key);
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(event.repeat && key === " ")) button.click();
  }

  keep(event) {
    if (event === this.kept) event.stopPropagation();
  }

  /** Show the legend and the list. */
  open() {
    const shown = hints().map((hint) => [
      hint.textContent,
      hint.closest("button").querySelector("p").textContent,
    ]);
    this.dialog.querySelector(".words").replaceChildren(...legendRows(this.root));
    const table = this.dialog.querySelector(".keys table");
    table.replaceChildren();
    for (const [keys, meaning] of [...shown, ...ALWAYS]) {
      const row = table.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
      row.append(head);
      row.insertCell().textContent = meaning;
    }
    this.box.checked = this.on;
    this.dialog.showModal();
    this.dialog.focus(); // not its first field, which is further down
    this.dialog.scrollTop = 0;
  }

  close() {
    this.dialog.remove();
    this.opener.remove();
  }
}

/** Return whether a key means text here. In a list one types only while it is open. */
function isTyping(target) {
  const field = target.closest?.(FIELDS);
  if (!field || field.matches(NO_TEXT)) return false;
  return field.role !== "combobox" || field.getAttribute("aria-expanded") === "true";
}

function isOwnKey(target, key) {
  return key in OWNERS && Boolean(target.closest?.(OWNERS[key]));
}

/** Return the hints of all buttons on show. Streamlit keeps a hidden copy of some. */
function hints() {
  const all = [...document.querySelectorAll(SHORTCUT)];
  return all.filter((hint) => hint.closest("button").checkVisibility());
}

/** Return the button whose shortcut is this key. */
function buttonOf(key) {
  const pressed = key.toLowerCase();
  const isPressed = ({ textContent: text }) => (KEYS[text] ?? text).toLowerCase() === pressed;
  return hints().find(isPressed)?.closest("button");
}
