/** Popovers: Tab goes from a button into its open box, and from there to what follows the button. */

const OPENER = "[data-testid=stPopoverButton][aria-expanded=true]";
const BOX = "[data-testid=stPopoverBody]";
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Move the focus where a popover is entered or left. Streamlit puts its box at the page's end. */
export function moveThroughPopover(event) {
  const [opener, box] = [document.querySelector(OPENER), document.querySelector(BOX)];
  if (event.key !== "Tab" || !opener || !box) return;
  const target = targetOf(event, opener, box);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function targetOf({ target, shiftKey: back }, opener, box) {
  const inside = focusableIn(box);
  if (target === opener && !back) return inside[0];
  if (!box.contains(target)) return null;
  const place = inside.indexOf(target);
  if (back) return place === 0 ? opener : null;
  if (place < inside.length - 1) return null;
  const page = focusableIn(document).filter((one) => !box.contains(one));
  return page[page.indexOf(opener) + 1];
}

function focusableIn(part) {
  const all = [...part.querySelectorAll(FOCUSABLE)];
  return all.filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility());
}
