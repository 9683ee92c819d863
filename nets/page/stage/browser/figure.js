/**
 * One Plotly figure: drawn once, then changed in place.
 *
 * Colours, widths, texts and paths are written straight into the SVG (see plotly.js) and into the
 * figure's data, which Plotly reads when it next has to draw: for a zoom, a new size, a hover box.
 */

import {
  drawnPoints,
  drawnShapes,
  getProperty,
  hideCrowded,
  highlight,
  isWritable,
  pixelScales,
  setProperty,
  writeImages,
  writeLineStyles,
  writePaths,
  writeProperty,
} from "./plotly.js";
import { Label } from "./label.js";
import { Pictures } from "./pictures.js";
import { Pace } from "./pace.js";
import { fitted, inUnits, roomFor, shortenNames, withoutTinyWords } from "./room.js";
import { Segments } from "./segments.js";
import { logarithmicTicks } from "./ticks.js";

const OPTIONS = { displayModeBar: false, responsive: false, doubleClick: "reset" };
const QUIET = 300; // ms without a change, after which Plotly adapts the axes

export class Figure {
  constructor(element, onSelect) {
    this.element = element;
    this.onSelect = onSelect;
    this.fills = new Pictures(element);
    this.label = new Label(this);
    this.line = new Pace(() => this.update(this.unpainted)); // of a line that grows
    element.addEventListener("pointermove", () => {
      this.label.forget(); // Plotly opens the label of what is under the pointer now
      this.synchronise();
    });
    element.addEventListener("pointerleave", () => this.label.forget());
  }

  close() {
    this.line.close();
    clearTimeout(this.quietTimer);
    this.label.forget();
    if (this.data) Plotly.purge(this.element);
    this.fills.remove();
  }

  /** Draw a figure after some changes. */
  async draw({ data, layout, segments, bins, design, walk }, changes) {
    [this.design, this.units] = fitted(design, this.size());
    this.given = design;
    this.data = withoutTinyWords(inUnits(data, this.units), this.units);
    this.layout = { ...inUnits(layout, this.units), ...this.size() };
    if (this.design?.short) shortenNames(this.layout.annotations);
    if (this.design?.words) [this.layout.xaxis.range] = roomFor(this, this.size());
    this.segments = bins ? new Segments(segments, bins) : null;
    this.unpainted = new Set(); // changed in the data, not yet on the screen
    this.unknown = new Set(); // on the screen, and not yet known to Plotly
    this.pictures = {}; // image sources that fill points, by the trace's name
    changes.forEach((change) => this.apply(change));
    this.joinSegments();
    this.unpainted.clear();
    for (const [path, value] of Object.entries(this.ticks())) setProperty(this.layout, path, value);
    this.element.setAttribute("role", walk ? "application" : "img");
    await Plotly.react(this.element, this.data, this.layout, OPTIONS);
    this.listen("plotly_click", ({ points }) => points[0]?.id && this.onSelect(points[0].id));
    this.listen("plotly_hover", ({ points }) => (this.label.about = points));
    this.listen("plotly_unhover", () => (this.label.about = null));
    this.listen("plotly_relayout", () => this.synchronise());
    this.listen("plotly_afterplot", () => this.finish());
    this.finish();
    if (this.label.about) this.label.renew();
  }

  listen(event, act) {
    this.element.removeAllListeners(event);
    this.element.on(event, act);
  }

  size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** Follow the element's size. Return whether the figure's text and lines still have a good size. */
  fit() {
    const { width, height } = this.size();
    if (!this.data || !width || !height) return true;
    if (width !== this.layout.width || height !== this.layout.height) this.resize({ width, height });
    const [design, { marks, type }] = fitted(this.given, this.size());
    const isSimilar = Math.abs(marks / this.units.marks - 1) < 0.1 && type === this.units.type;
    return isSimilar && design?.short === this.design?.short;
  }

  /** The ticks of logarithmic axes, which follow the data. */
  ticks() {
    return logarithmicTicks(this.data, this.layout, this.units.type);
  }

  /** Draw the figure in another size. */
  resize(size) {
    if (!this.design?.words) return Plotly.relayout(this.element, { ...size, ...this.ticks() });
    const [range, biases] = roomFor(this, size);
    const [places, layout] = [{ x: [biases.x], y: [biases.y] }, { ...size, "xaxis.range": range }];
    return Plotly.update(this.element, places, layout, [this.data.indexOf(biases)]);
  }

  /** Do what Plotly does not know of, after each of its drawings. */
  finish() {
    this.paintPictures();
    if (this.layout.annotations?.length > 1) hideCrowded(this.element); // it makes the browser measure
    this.highlight(this.lit);
    this.element.dispatchEvent(new Event("drawn"));
  }

  /** Change the data without painting. Return whether the change fits to the present lines. */
  apply({ traces = {}, shapes, codes, extend, images, pictures } = {}) {
    const lines = Object.entries(extend?.lines ?? {}).map(([name, more]) => [this.trace(name), more]);
    if (!lines.every(([line]) => this.cutAfter(line, extend.after))) return false;
    for (const [name, properties] of Object.entries(traces)) {
      for (const [path, value] of Object.entries(properties)) {
        setProperty(this.trace(name), path, inUnits(value, this.units, path));
        this.unpainted.add(path);
      }
    }
    for (const [path, values] of Object.entries(shapes ?? {})) {
      const set = (value, i) => setProperty(this.layout.shapes[i], path, value);
      inUnits(values, this.units, path).forEach(set);
      this.unpainted.add("shapes");
    }
    if (codes) {
      this.segments.codes = codes;
      this.unpainted.add("shapes");
    }
    images?.forEach((source, i) => (this.layout.images[i].source = source));
    Object.assign(this.pictures, pictures);
    this.hasNewPictures ||= Boolean(images || pictures);
    for (const [line, more] of lines) {
      line.x.push(...more.x);
      line.y.push(...more.y);
      this.unpainted.add("x").add("y");
    }
    return true;
  }

  trace(name) {
    return this.data.find((trace) => trace.name === name);
  }

  /** Remove a line's points after `last`. Return whether the line now ends at `last`. */
  cutAfter({ x, y }, last) {
    while (x.at(-1) > last) {
      x.pop();
      y.pop();
    }
    return x.at(-1) === last;
  }

  /** Show all changes; a line that grows may wait for a moment. */
  paint() {
    if (this.unpainted.has("x")) this.line.ask();
    else if (this.unpainted.size && this.canPaintInPlace()) this.paintInPlace();
    else if (this.unpainted.size) this.update(this.unpainted);
    if (this.hasNewPictures) this.paintPictures();
    if (this.label.about) this.label.renew();
  }

  /** Show all changes now. */
  paintNow() {
    this.line.hurry();
    this.paint();
  }

  canPaintInPlace() {
    const known = [...this.unpainted].every((path) => path === "shapes" || isWritable(path));
    return known && drawnShapes(this.element).length === this.layout.shapes.length;
  }

  paintInPlace() {
    for (const path of this.unpainted) {
      this.unknown.add(path);
      if (path === "shapes") this.paintShapes();
      else writeProperty(this.element, this.data, path);
    }
    if (this.unpainted.has("y")) {
      clearTimeout(this.quietTimer);
      this.quietTimer = setTimeout(() => this.synchronise(), QUIET);
    }
    this.unpainted.clear();
  }

  paintShapes() {
    if (!this.segments) writeLineStyles(this.element, this.layout.shapes);
    else writePaths(this.element, this.segments.joinInPixels(pixelScales(this.element)));
  }

  /** Show the layout's images, and the pictures that fill points. */
  paintPictures() {
    this.hasNewPictures = false;
    writeImages(this.element, this.layout.images ?? []);
    for (const [name, points] of drawnPoints(this.element, this.data)) {
      this.pictures[name]?.forEach((source, i) => {
        if (source && points[i]) points[i].style.fill = this.fills.fill(source, `${name}-${i}`);
      });
    }
  }

  /** Highlight the part with this id. */
  highlight(id) {
    this.lit = id;
    highlight(this.element, this.data, id);
  }

  /** Give shared paths to the layout's shapes, if there are any. */
  joinSegments() {
    this.segments?.join().forEach((path, i) => (this.layout.shapes[i].path = path));
  }

  /** Tell Plotly what was painted without it. */
  synchronise() {
    return this.unknown?.size ? this.update(this.unknown) : null;
  }

  /** Let Plotly draw these properties, and all that it does not know yet; empty the set. */
  update(paths) {
    this.unknown.forEach((path) => paths.add(path));
    const layout = paths.has("y") ? this.ticks() : {};
    if (paths.has("shapes")) {
      this.joinSegments();
      layout.shapes = [...this.layout.shapes];
    }
    const style = {};
    for (const path of paths) {
      if (path !== "shapes") style[path] = this.data.map((trace) => getProperty(trace, path));
    }
    paths.clear();
    this.unknown.clear();
    return Plotly.update(this.element, style, layout, [...this.data.keys()]);
  }
}
