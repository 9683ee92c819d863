/** Keys that the page's own shortcuts do not know: Ctrl+Z and Ctrl+Shift+Z, on a Mac with Cmd. */

const TEXT = "textarea, [contenteditable=true], input:not([type=range], [role=combobox])";

/** Return the button that a key presses, if it is one of these; a field has its own Ctrl+Z. */
export function buttonOf({ key, ctrlKey, metaKey, altKey, shiftKey, target }) {
  if (key.toLowerCase() !== "z" || !(ctrlKey || metaKey) || altKey) return null;
  if (target.closest?.(TEXT)) return null;
  const name = shiftKey ? "redo" : "step_back";
  return document.querySelector(`.st-key-${name} button:enabled`);
}
