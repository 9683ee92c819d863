/**
 * Clicks that are answered ahead: the server has said beforehand what a click on a button leads to,
 * so it shows at once. Until the server confirms it, further clicks are held back: it might take
 * them in any order.
 */

import { PATIENCE } from "./questions.js";

export class Clicks {
  /**
   * @param paint shows a frame.
   * @param doubt is called when the answer does not come: the click may have been lost.
   */
  constructor(paint, doubt) {
    this.paint = paint;
    this.doubt = doubt;
    this.ahead = {}; // frames that clicks will lead to, by button
    this.foreseen = null; // the button whose frame was painted ahead of the server's answer
    this.held = []; // buttons that were clicked meanwhile
  }

  /** Paint what a click leads to, where that is known, or hold it back. */
  anticipate(event) {
    const button = event.target.closest?.("button:enabled");
    if (!button) return;
    if (this.foreseen) return this.hold(event, button);
    const key = Object.keys(this.ahead).find((one) => button.closest(`.st-key-${one}`));
    if (!key) return;
    this.foreseen = key;
    this.paint(this.ahead[key]);
    this.ahead = {};
    clearTimeout(this.patience);
    this.patience = setTimeout(this.doubt, PATIENCE);
  }

  /** Keep a click from the page for now. */
  hold(event, button) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.held.push(button);
  }

  /** Take what the server says clicks will lead to; return the button that it should confirm. */
  answered(ahead) {
    const { foreseen } = this;
    this.foreseen = null;
    clearTimeout(this.patience);
    this.ahead = ahead;
    return foreseen;
  }

  /** Make the clicks that were held, up to one that is answered ahead itself. */
  release() {
    while (!this.foreseen && this.held.length) this.held.shift().click();
  }

  close() {
    clearTimeout(this.patience);
  }
}
