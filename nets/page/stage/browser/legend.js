/** The legend: a tap closes an explanation that a tap opened, and a dialog shows all of them. */

const EXPLAINED = ".explained";
const CLOSED = "closed"; // of a word whose explanation stays closed under the finger

/** Close an explanation with a second tap on its word, or with a tap elsewhere. */
export function closeWithTaps(signal) {
  let open = null; // the word whose explanation was open before this tap
  const capture = { capture: true, signal };
  const isOpen = (word) => word?.querySelector("[role=tooltip]").checkVisibility();
  const begin = ({ target, pointerType }) => {
    const word = document.activeElement?.closest(EXPLAINED);
    open = pointerType !== "mouse" && isOpen(word) ? word : null;
    if (open && !open.contains(target)) document.activeElement.blur();
  };
  const end = ({ target }) => {
    const word = target.closest?.(EXPLAINED);
    word?.classList.toggle(CLOSED, word === open);
    if (word && word === open) document.activeElement.blur();
  };
  window.addEventListener("pointerdown", begin, capture);
  window.addEventListener("click", end, capture);
}

/** Write each word of the legend with its explanation, as they are now, in rows of a table. */
export function legendRows(root) {
  return [...root.querySelectorAll(`.legend ${EXPLAINED}`)].map((word) => {
    const row = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", className: "legend" });
    const mark = document.createElement("span");
    mark.className = word.className.replace(/explained|st-key-\S+/g, "");
    mark.textContent = word.querySelector("button").textContent;
    head.append(mark);
    row.append(head);
    row.insertCell().innerHTML = word.querySelector("[role=tooltip]").innerHTML;
    return row;
  });
}
