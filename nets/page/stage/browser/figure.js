/**
 * A figure: one Plotly figure, drawn once, and changes to it.
 *
 * Plotly's own update of a figure costs more than painting it. So colours, widths, texts and paths
 * are written straight into the SVG that Plotly has drawn, and into the figure, from which Plotly
 * takes them as soon as it is needed again: to zoom, to resize, to hover.
 */

import { drawnTraces, isWritable, write, writeLines } from "./columns.js";
import { Fills } from "./fills.js";
import { light } from "./lights.js";
import { get, put } from "./paths.js";
import { Segments } from "./segments.js";
import { inUnits, unitOf } from "./units.js";

const PLOTLY = { displayModeBar: false, responsive: false, doubleClick: "reset" };
const LINE_INTERVAL = 90; // ms; a line that grows need not grow at every frame
const QUIET = 300; // ms without a change, after which Plotly takes in what lines have become

export class Figure {
  constructor(element, onSelect) {
    this.element = element;
    this.onSelect = onSelect;
    this.fills = new Fills(element);
    this.grown = 0; // when a line last grew
    element.addEventListener("pointermove", () => this.catchUp());
  }

  close() {
    clearTimeout(this.growing);
    clearTimeout(this.quiet);
    if (this.data) Plotly.purge(this.element);
    this.fills.remove();
  }

  /** Draw a figure, with changes already made to it. */
  async draw({ data, layout, segments, bins, design }, changes) {
    this.design = design;
    this.unit = unitOf(this.size(), design);
    this.data = inUnits(data, this.unit);
    this.layout = { ...inUnits(layout, this.unit), ...this.size() };
    this.segments = bins ? new Segments(segments, bins) : null;
    this.pending = new Set(); // what was noted and is not painted
    this.behind = new Set(); // what was painted and is unknown to Plotly
    this.pictures = {}; // sources of what fills the points of a trace, by the trace's name
    changes.forEach((change) => this.note(change));
    this.layPaths();
    this.pending.clear();
    this.element.setAttribute("role", "img");
    await Plotly.react(this.element, this.data, this.layout, PLOTLY);
    this.listen("plotly_click", ({ points }) => points[0]?.id && this.onSelect(points[0].id));
    this.listen("plotly_relayout", () => this.catchUp());
    this.listen("plotly_afterplot", () => this.paintPictures());
    this.paintPictures();
  }

  listen(event, act) {
    this.element.removeAllListeners(event);
    this.element.on(event, act);
  }

  size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** Follow the element's size; say whether the figure is still drawn in fitting units. */
  fit() {
    const { width, height } = this.size();
    if (!this.data || !width || !height) return true;
    if (width !== this.layout.width || height !== this.layout.height)
      Plotly.relayout(this.element, { width, height });
    return Math.abs(unitOf(this.size(), this.design) / this.unit - 1) < 0.1;
  }

  /** Make a change to the figure without painting it; say whether it follows on what is there. */
  note({ traces = {}, shapes, codes, extend, images, pictures } = {}) {
    const lines = Object.entries(extend?.lines ?? {}).map(([name, more]) => [this.named(name), more]);
    if (!lines.every(([line]) => this.endAt(line, extend.after))) return false;
    for (const [name, columns] of Object.entries(traces)) {
      const trace = this.named(name);
      for (const [path, column] of Object.entries(columns)) {
        put(trace, path, inUnits(column, this.unit, path));
        this.pending.add(path);
      }
    }
    for (const [path, column] of Object.entries(shapes ?? {})) {
      column.forEach((value, i) => put(this.layout.shapes[i], path, inUnits(value, this.unit, path)));
      this.pending.add("shapes");
    }
    if (codes) {
      this.segments.codes = codes;
      this.pending.add("shapes");
    }
    images?.forEach((source, i) => (this.layout.images[i].source = source));
    Object.assign(this.pictures, pictures);
    this.repictured ||= Boolean(images || pictures);
    for (const [line, more] of lines) {
      line.x.push(...more.x);
      line.y.push(...more.y);
      this.pending.add("x").add("y");
    }
    return true;
  }

  named(name) {
    return this.data.find((trace) => trace.name === name);
  }

  /** Take from a line what lies beyond a place; say whether it then ends there. */
  endAt({ x, y }, last) {
    while (x.at(-1) > last) {
      x.pop();
      y.pop();
    }
    return x.at(-1) === last;
  }

  /** Bring what was noted to the screen. */
  paint() {
    if (this.pending.has("x")) this.grow();
    else if (this.pending.size && this.canPaintInPlace()) this.paintInPlace();
    else if (this.pending.size) this.update(this.pending);
    if (this.repictured) this.paintPictures();
  }

  /** Bring it to the screen now, lines that grow too. */
  finish() {
    this.grown = 0;
    this.paint();
  }

  /** Let Plotly draw a line anew that grows or bends: soon, if it has just done so. */
  grow() {
    const wait = this.grown + LINE_INTERVAL - performance.now();
    clearTimeout(this.growing);
    if (wait > 0) this.growing = setTimeout(() => this.grow(), wait);
    else {
      this.grown = performance.now();
      this.update(this.pending);
    }
  }

  canPaintInPlace() {
    this.lines = this.element.querySelectorAll(".shapelayer path[data-index]");
    const known = [...this.pending].every((path) => path === "shapes" || isWritable(path));
    return known && this.lines.length === this.layout.shapes.length;
  }

  paintInPlace() {
    for (const path of this.pending) {
      this.behind.add(path);
      if (path === "shapes") this.paintLines();
      else write(this.element, this.data, path);
    }
    if (this.pending.has("y")) {
      clearTimeout(this.quiet); // axes follow as soon as it is quiet
      this.quiet = setTimeout(() => this.catchUp(), QUIET);
    }
    this.pending.clear();
  }

  /** Write lines: each its look, or the segments that share a line its path. */
  paintLines() {
    const paths = this.segments?.joinedInPixels(this.element._fullLayout);
    if (paths) paths.forEach((path, i) => this.lines[i].setAttribute("d", path));
    else writeLines(this.lines, this.layout.shapes);
  }

  /** Show images with the sources that they have now, and points filled with theirs. */
  paintPictures() {
    this.repictured = false;
    const drawn = this.element.querySelectorAll(".imagelayer image");
    this.layout.images?.forEach(({ source }, i) => drawn[i]?.setAttribute("href", source));
    for (const [trace, { name }] of drawnTraces(this.element, this.data)) {
      const marks = trace.querySelectorAll(".points path");
      this.pictures[name]?.forEach((source, i) => {
        if (source && marks[i]) marks[i].style.fill = this.fills.fillOf(source, `${name}-${i}`);
      });
    }
  }

  /** Light up one part: a point, or the line that a point stands for. */
  light(id) {
    light(this.element, this.data, id);
  }

  /** Give the figure's lines their paths, where segments share them. */
  layPaths() {
    this.segments?.joined().forEach((path, i) => (this.layout.shapes[i].path = path));
  }

  /** Let Plotly take in what was painted without it. */
  catchUp() {
    if (this.behind?.size) this.update(this.behind);
  }

  /** Let Plotly draw these parts of the figure; `paths` is empty then. */
  update(paths) {
    this.behind.forEach((path) => paths.add(path));
    const moved = {};
    if (paths.has("shapes")) {
      this.layPaths();
      moved.shapes = [...this.layout.shapes];
    }
    const restyled = {};
    for (const path of paths) {
      if (path !== "shapes") restyled[path] = this.data.map((trace) => get(trace, path));
    }
    paths.clear();
    this.behind.clear();
    return Plotly.update(this.element, restyled, moved, [...this.data.keys()]);
  }
}
