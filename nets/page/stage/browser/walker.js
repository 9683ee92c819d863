/** The walker: lights and says the part of a figure to which the arrow keys lead. */

import { Walk } from "./walk.js";

export class Walker {
  /**
   * @param figure that has a walk.
   * @param say tells a screen reader something.
   * @param select selects the part with an id, as a click does.
   */
  constructor(figure, say, select) {
    Object.assign(this, { figure, say, select });
    const { element } = figure;
    element.tabIndex = 0;
    element.setAttribute("aria-roledescription", "diagram; the arrow keys walk through it");
    element.addEventListener("keydown", (event) => this.press(event));
    element.addEventListener("blur", () => this.leave());
  }

  /** Walk through these parts from now on, and stay at the same one if it is among them. */
  follow(walk) {
    const at = this.walk?.at;
    this.walk = new Walk(walk);
    if (at && this.figure.label.place(at)) this.walk.at = at;
  }

  press(event) {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    if (key === "Escape") this.figure.element.blur();
    else if (key === "Enter") this.select(this.walk.at);
    else if (!this.go(key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Return whether an arrow key was pressed. */
  go(key) {
    const id = this.walk.go(key);
    if (!id) return false;
    this.figure.highlight(id);
    this.figure.label.open(id);
    this.say(this.figure.label.words(id));
    return true;
  }

  leave() {
    this.figure.highlight(undefined);
    this.figure.label.close();
  }
}
