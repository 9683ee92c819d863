/**
 * Clicks whose result is shown before the server answers.
 *
 * The server sends in advance what a click on a button will show. Until it confirms the click,
 * further clicks wait here, because the server might take them in another order.
 */

import { PATIENCE } from "./questions.js";

export class Clicks {
  /**
   * @param paint shows a frame.
   * @param onTimeout is called when the server does not answer: the click may be lost.
   */
  constructor(paint, onTimeout) {
    this.paint = paint;
    this.onTimeout = onTimeout;
    this.ahead = {}; // the frame that a click will show, by the button's key
    this.unconfirmed = null; // the button whose frame is on show and which the server has not answered
    this.waiting = []; // buttons that were clicked since then
  }

  /** Show the result of a click if it is known; keep the click if another one is unconfirmed. */
  handle(event) {
    const button = event.target.closest?.("button:enabled");
    if (!button) return;
    if (this.unconfirmed) return this.keep(event, button);
    const key = Object.keys(this.ahead).find((one) => button.closest(`.st-key-${one}`));
    if (!key) return;
    this.unconfirmed = key;
    this.paint(this.ahead[key]);
    this.ahead = {};
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onTimeout, PATIENCE);
  }

  /** Keep a click from the page for now. */
  keep(event, button) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.waiting.push(button);
  }

  /** Take the server's next frames in advance. Return the button that its answer should confirm. */
  answered(ahead) {
    const { unconfirmed } = this;
    this.unconfirmed = null;
    clearTimeout(this.timer);
    this.ahead = ahead;
    return unconfirmed;
  }

  /** Make the clicks that wait, until one is shown in advance itself. */
  release() {
    while (!this.unconfirmed && this.waiting.length) this.waiting.shift().click();
  }

  close() {
    clearTimeout(this.timer);
  }
}
