/** The slider under the loss chart, and the chart itself: both show an earlier epoch. */

import { placeOf, valueAt } from "./plotly.js";

const THUMB = 16; // px; the width of a browser's own thumb, whose middle shows the value

export class Timeline {
  /**
   * @param root the element that holds the stage.
   * @param ask is called with an epoch, and whether the person has let go.
   */
  constructor(root, ask) {
    this.ask = ask;
    this.last = 0;
    this.slider = root.querySelector(".timeline input");
    this.now = root.querySelector(".timeline button");
    this.chart = root.querySelector('[data-figure="loss_chart"]');
    this.slider.addEventListener("input", () => this.wish(Number(this.slider.value), false));
    this.slider.addEventListener("change", () => this.wish(Number(this.slider.value), true));
    this.now.addEventListener("click", () => this.wish(this.last, true));
    this.chart.addEventListener("pointerdown", (event) => this.grab(event));
    this.chart.addEventListener("drawn", () => this.align());
  }

  /** Show which epochs there are and which one is on show. */
  show({ shown, last, playing }) {
    this.last = last;
    this.slider.disabled = playing || last === 0;
    if (this.slider.max !== String(last)) {
      this.slider.max = last;
      this.align();
    }
    if (!this.wanted) this.slider.value = shown;
    this.now.hidden = playing || shown >= last;
  }

  /** Let the slider begin below epoch 0 of the chart's axis and end below the last epoch. */
  align() {
    const [start, end] = [0, this.last].map((epoch) => placeOf(this.chart, epoch));
    if (start === null) return;
    this.slider.style.marginLeft = `${start - THUMB / 2}px`;
    this.slider.style.width = `${end - start + THUMB}px`;
  }

  /** Ask for an epoch now, or when the question before it is answered. */
  wish(epoch, end) {
    if (this.slider.disabled) return;
    this.wanted = { epoch, end };
    if (!this.isAsking) this.send();
  }

  /** The server has answered; ask for what was wished since. */
  answered() {
    this.isAsking = false;
    if (this.wanted) this.send();
  }

  send() {
    this.isAsking = true;
    this.ask(this.wanted);
    this.wanted = null;
  }

  /** Follow the pointer from here until it is let go; a click is a short way. */
  grab({ button, clientX }) {
    if (button || this.slider.disabled || valueAt(this.chart, clientX) === null) return;
    const listeners = new AbortController();
    const options = { capture: true, signal: listeners.signal };
    const end = (event) => {
      listeners.abort();
      this.wish(this.epochAt(event.clientX), true);
    };
    this.wish(this.epochAt(clientX), false);
    window.addEventListener("pointermove", (event) => this.follow(event), options);
    window.addEventListener("pointerup", end, options);
    window.addEventListener("pointercancel", () => listeners.abort(), options);
  }

  follow({ clientX }) {
    const epoch = this.epochAt(clientX);
    if (epoch !== this.followed) this.wish(epoch, false);
    this.followed = epoch;
  }

  /** Return the epoch at a place in the window; beside the chart the first or the last one. */
  epochAt(clientX) {
    const { left, width } = this.chart.getBoundingClientRect();
    const epoch = valueAt(this.chart, clientX) ?? (clientX < left + width / 2 ? 0 : this.last);
    return Math.min(this.last, Math.max(0, Math.round(epoch)));
  }
}
