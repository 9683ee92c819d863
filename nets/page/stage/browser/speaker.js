/** The speaker: tells a screen reader in words what is new on the stage. */

const QUIET = 500; // ms without a change, after which the picture rests

export class Speaker {
  /** @param root the element that holds the stage. */
  constructor(root) {
    this.element = document.createElement("p");
    this.element.className = "spoken";
    this.element.setAttribute("role", "status");
    root.append(this.element);
  }

  /** Say something now. */
  say(text) {
    clearTimeout(this.timer);
    this.element.textContent = text;
  }

  /** Say something once the picture rests: while it plays, it never does. */
  sayAtRest(text, { playing }) {
    clearTimeout(this.timer);
    if (!playing && text) this.timer = setTimeout(() => this.say(text), QUIET);
  }

  close() {
    clearTimeout(this.timer);
    this.element.remove();
  }
}
