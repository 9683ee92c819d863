/** All figures of the stage: drawn, changed and painted together. */

import { Dragger } from "./dragger.js";
import { Figure } from "./figure.js";
import { Walker } from "./walker.js";

const CHART_DELAY = 30; // ms; the first figure is painted before all others, right after a click

export class Figures {
  /**
   * @param root the element that holds the stage.
   * @param onSelect is called with the id of a part that was clicked.
   * @param onSet is called with a value of a part that is dragged: see `Dragger`.
   * @param say tells a screen reader something.
   * @param onWrongSize is called when figures must be drawn again for the size of the screen.
   */
  constructor(root, onSelect, onSet, say, onWrongSize) {
    this.root = root;
    this.onSelect = onSelect;
    this.onSet = onSet;
    this.say = say;
    this.all = new Map(); // name → Figure
    this.resizes = new ResizeObserver(() => {
      const fits = [...this.all.values()].map((figure) => figure.fit());
      if (!fits.every(Boolean)) onWrongSize();
    });
  }

  close() {
    clearTimeout(this.timer);
    this.dragger?.close();
    this.resizes.disconnect();
    this.all.forEach((figure) => figure.close());
  }

  /** Draw whole figures, after the changes of some frames. */
  async draw(figures, frames) {
    this.showOnly(figures);
    for (const [name, source] of Object.entries(figures)) {
      const figure = this.all.get(name) ?? this.add(name);
      await figure.draw(source, frames.map(({ changes }) => changes[name]));
      if (!source.walk) continue;
      figure.walker ??= new Walker(figure, this.say, this.onSelect);
      figure.walker.follow(source.walk);
      this.dragger ??= new Dragger(figure, this.onSelect, this.onSet);
    }
  }

  add(name) {
    const element = this.root.querySelector(`[data-figure="${name}"]`);
    const figure = new Figure(element, this.onSelect);
    this.all.set(name, figure);
    this.resizes.observe(element);
    return figure;
  }

  /** Give these figures their places, and remove all others. */
  showOnly(figures) {
    this.root.querySelector("[data-back]").hidden = !figures.map?.back;
    this.root.querySelector(".stage").dataset.figures = Object.keys(figures).join(" ");
    for (const element of this.root.querySelectorAll("[data-figure]")) {
      const name = element.dataset.figure;
      element.hidden = !(name in figures);
      if (!element.hidden || !this.all.has(name)) continue;
      this.resizes.unobserve(element);
      this.all.get(name).close();
      this.all.delete(name);
    }
  }

  /** Apply the changes of some frames without painting. Return whether all of them fit. */
  apply(frames) {
    return [...this.all].every(([name, figure]) =>
      frames.every(({ changes }) => figure.apply(changes[name])),
    );
  }

  /** Paint the first figure now, and the others a little later. */
  paint({ playing }) {
    const [first, ...others] = this.all.values();
    first.paint();
    clearTimeout(this.timer);
    const paintOthers = () => others.forEach((figure) => figure.paint());
    this.timer = setTimeout(paintOthers, playing ? 0 : CHART_DELAY);
  }

  /** Paint all figures now. */
  paintNow() {
    clearTimeout(this.timer);
    this.all.forEach((figure) => figure.paintNow());
  }

  /** Describe the figures in words, for people who cannot see them. */
  describe(descriptions) {
    for (const [name, text] of Object.entries(descriptions)) {
      this.all.get(name)?.element.setAttribute("aria-label", text);
    }
  }

  /** Highlight a part of the first figure; undefined for none. */
  highlight(id) {
    const [first] = this.all.values();
    first?.highlight(id);
  }
}
