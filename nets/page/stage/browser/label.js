/** The hover label of a figure: for what is under the pointer, or for the part walked to. */

import { wordsOf } from "./words.js";

const QUIET = 300; // ms without a change, after which the label opens again

export class Label {
  constructor(figure) {
    this.figure = figure;
    this.about = null; // that it is about, as Plotly says them
  }

  /** Open for the part with this id. */
  open(id) {
    this.about = [this.place(id)];
    this.renew();
  }

  /** Close an open label, which has old numbers; open it again when the picture rests. */
  renew() {
    const { element, data } = this.figure;
    Plotly.Fx.unhover(element);
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      await this.figure.synchronise();
      const points = this.about?.map(({ curveNumber: c, pointNumber: p }) => [c, p]) ?? [];
      const drawn = points.filter(([c, p]) => p < data[c]?.x.length);
      const places = drawn.map(([c, p]) => ({ curveNumber: c, pointNumber: p }));
      if (places.length) Plotly.Fx.hover(element, places);
    }, QUIET);
  }

  forget() {
    clearTimeout(this.timer);
    this.about = null;
  }

  close() {
    this.forget();
    Plotly.Fx.unhover(this.figure.element);
  }

  /** Return the trace and the place in it of the part with this id, if there is one. */
  place(id) {
    const curveNumber = this.figure.data.findIndex(({ ids }) => ids?.includes(id));
    if (curveNumber < 0) return null;
    return { curveNumber, pointNumber: this.figure.data[curveNumber].ids.indexOf(id) };
  }

  /** Return what the label of the part with this id says. */
  words(id) {
    const { curveNumber, pointNumber } = this.place(id);
    return wordsOf(this.figure.data[curveNumber], pointNumber);
  }
}
