/** The figures on the stage, each in its place: drawn, changed and painted together. */

import { Figure } from "./figure.js";

const AFTERWARDS = 30; // ms that charts wait, so that a click shows in the first figure at once

export class Figures {
  /**
   * @param root the element that holds the stage.
   * @param onSelect is called with the id of a part that was clicked.
   * @param onOutgrown is called when figures are not of a size that fits the screen any more.
   */
  constructor(root, onSelect, onOutgrown) {
    this.root = root;
    this.onSelect = onSelect;
    this.all = new Map(); // name → Figure
    this.resized = new ResizeObserver(() => {
      const fits = [...this.all.values()].map((figure) => figure.fit());
      if (!fits.every(Boolean)) onOutgrown();
    });
  }

  close() {
    clearTimeout(this.afterwards);
    this.resized.disconnect();
    this.all.forEach((figure) => figure.close());
  }

  /** Draw whole figures, with the changes of some frames already made to them. */
  async draw(figures, frames) {
    this.makeRoom(figures);
    for (const [name, source] of Object.entries(figures)) {
      const figure = this.all.get(name) ?? this.add(name);
      await figure.draw(source, frames.map(({ changes }) => changes[name]));
    }
  }

  add(name) {
    const element = this.root.querySelector(`[data-figure="${name}"]`);
    const figure = new Figure(element, this.onSelect);
    this.all.set(name, figure);
    this.resized.observe(element);
    return figure;
  }

  /** Give each of these figures its place, and take away those that are not wanted any more. */
  makeRoom(figures) {
    this.root.querySelector(".stage").dataset.figures = Object.keys(figures).join(" ");
    for (const element of this.root.querySelectorAll("[data-figure]")) {
      const name = element.dataset.figure;
      element.hidden = !(name in figures);
      if (!element.hidden || !this.all.has(name)) continue;
      this.resized.unobserve(element);
      this.all.get(name).close();
      this.all.delete(name);
    }
  }

  /** Make the changes of some frames without painting them; say whether they follow. */
  note(frames) {
    return [...this.all].every(([name, figure]) =>
      frames.every(({ changes }) => figure.note(changes[name])),
    );
  }

  /** Paint the first figure now, and the others a little later. */
  paint({ playing }) {
    const [first, ...others] = this.all.values();
    first.paint();
    clearTimeout(this.afterwards);
    const paintOthers = () => others.forEach((figure) => figure.paint());
    this.afterwards = setTimeout(paintOthers, playing ? 0 : AFTERWARDS);
  }

  /** Bring to the screen at once whatever waits to be painted. */
  finish() {
    clearTimeout(this.afterwards);
    this.all.forEach((figure) => figure.finish());
  }

  /** Say in words what the figures show. */
  describe(descriptions) {
    for (const [name, text] of Object.entries(descriptions)) {
      this.all.get(name)?.element.setAttribute("aria-label", text);
    }
  }

  /** Light up a part of the first figure, or none. */
  light(id) {
    const [first] = this.all.values();
    first?.light(id);
  }
}
