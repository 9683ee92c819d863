/** Fields for numbers: an arrow key adds a step, as in a browser's own fields for numbers. */

const DIRECTIONS = { ArrowUp: 1, ArrowDown: -1 };
const setText = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

/**
 * Add a step to the number in a field, and enter it.
 *
 * @param event a key that was pressed.
 * @param steps what to add, by the beginning of a field's key.
 */
export function stepField(event, steps) {
  const { key, target: field } = event;
  if (!(key in DIRECTIONS) || field.type !== "text") return;
  const start = Object.keys(steps).find((start) => field.closest(`[class*="st-key-${start}"]`));
  const number = Number(field.value.trim().replace(",", ".").replace("−", "-") || NaN);
  if (!start || Number.isNaN(number)) return;
  event.preventDefault();
  const stepped = Number((number + DIRECTIONS[key] * steps[start]).toPrecision(12));
  setText.call(field, String(stepped)); // React hears of it only so
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}
