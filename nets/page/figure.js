/**
 * A figure: one Plotly figure, drawn once, and changes to it.
 *
 * Plotly's own update of a figure costs more than painting it. So colours, widths, texts and paths
 * are written straight into the SVG that Plotly has drawn, and into the figure, from which Plotly
 * takes them as soon as it is needed again: to zoom, to resize, to hover.
 */

const DESIGN = { width: 330, height: 380 }; // px; the smallest figure that is drawn in its own sizes
const PIXELS = new Set("size width thickness standoff xshift l r t b".split(" "));
const PLOTLY = { displayModeBar: false, responsive: false, doubleClick: "reset" };
const LINE_INTERVAL = 90; // ms; a line that grows need not grow at every frame
const QUIET = 300; // ms without a change, after which Plotly takes in what lines have become
const NOWHERE = "M0 0";
const FIRST = "A".charCodeAt(0); // the letter of the first shared line
const SVG = "http://www.w3.org/2000/svg";
let figures = 0; // made so far, for names that no two figures share

/** How a column of a trace gets into the SVG: the marks it belongs to, and what is written. */
const IN_PLACE = {
  "marker.color": [".points path", (mark, value) => (mark.style.fill = value)],
  "marker.line.color": [".points path", (mark, value) => (mark.style.stroke = value)],
  "marker.line.width": [".points path", (mark, value) => (mark.style.strokeWidth = `${value}px`)],
  text: [".text text", (mark, value) => (mark.textContent = value)],
  "textfont.color": [".text text", (mark, value) => (mark.style.fill = value)],
  y: null, // see paintHeights
  customdata: null, // hover boxes read it from the figure when they open
};
/** The texts of the colour bar, which stand apart from its trace. */
const BAR = {
  "marker.colorbar.title.text": ".cbtitle text",
  "marker.colorbar.ticktext": ".cbaxis text",
};

export class Figure {
  constructor(element, onSelect) {
    this.element = element;
    this.onSelect = onSelect;
    this.number = ++figures;
    this.grown = 0; // when a line last grew
    element.addEventListener("pointermove", () => this.catchUp());
  }

  close() {
    clearTimeout(this.growing);
    clearTimeout(this.quiet);
    if (this.data) Plotly.purge(this.element);
    this.patterns?.remove();
  }

  /** Draw a figure, with changes already made to it. */
  async draw({ data, layout, segments, bins, design }, changes) {
    this.design = design ?? DESIGN;
    this.unit = this.unitOf();
    this.data = inUnits(data, this.unit);
    this.layout = { ...inUnits(layout, this.unit), ...this.size() };
    this.segments = segments;
    this.bins = bins ?? 0;
    this.pending = new Set(); // what was noted and is not painted
    this.behind = new Set(); // what was painted and is unknown to Plotly
    this.pictures = {}; // sources of what fills the points of a trace, by the trace's name
    changes.forEach((change) => this.note(change));
    if (this.bins) this.joined(segments).forEach((path, i) => (this.layout.shapes[i].path = path));
    this.pending.clear();
    this.element.setAttribute("role", "img");
    await Plotly.react(this.element, this.data, this.layout, PLOTLY);
    this.element.removeAllListeners("plotly_click");
    this.element.removeAllListeners("plotly_relayout");
    this.element.removeAllListeners("plotly_afterplot");
    this.element.on("plotly_click", ({ points }) => points[0]?.id && this.onSelect(points[0].id));
    this.element.on("plotly_relayout", () => this.catchUp());
    this.element.on("plotly_afterplot", () => this.paintPictures());
    this.paintPictures();
  }

  size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** How many pixels one pixel of the figure's design is here: more on a projector. */
  unitOf() {
    const { width, height } = this.size();
    const { design } = this;
    return Math.min(2, Math.max(0.8, Math.min(height / design.height, width / design.width)));
  }

  /** Follow the element's size; say whether the figure is still drawn in fitting units. */
  fit() {
    const { width, height } = this.size();
    if (!this.data || !width || !height) return true;
    if (width !== this.layout.width || height !== this.layout.height)
      Plotly.relayout(this.element, { width, height });
    return Math.abs(this.unitOf() / this.unit - 1) < 0.1;
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
      this.codes = codes;
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
    const known = [...this.pending].every((path) => path === "shapes" || path in IN_PLACE || path in BAR);
    return known && this.lines.length === this.layout.shapes.length;
  }

  paintInPlace() {
    for (const path of this.pending) {
      this.behind.add(path);
      if (path === "shapes") this.paintShapes();
      else if (path in BAR) this.paintBar(path);
      else if (path === "y") this.paintHeights();
      else if (IN_PLACE[path]) this.paintMarks(path, ...IN_PLACE[path]);
    }
    this.pending.clear();
  }

  paintMarks(path, selector, write) {
    for (const drawn of this.element.querySelectorAll(".scatterlayer .trace")) {
      const column = get(this.data[drawn.__data__[0].trace.index], path);
      const marks = drawn.querySelectorAll(selector);
      if (Array.isArray(column) && marks.length === column.length)
        column.forEach((value, at) => write(marks[at], value));
    }
  }

  /** Bend lines and move points to their heights; axes follow as soon as it is quiet. */
  paintHeights() {
    const { xaxis, yaxis } = this.element._fullLayout;
    for (const drawn of this.element.querySelectorAll(".scatterlayer .trace")) {
      const { x, y } = this.data[drawn.__data__[0].trace.index];
      const places = y.map((value, i) => [xaxis.c2p(x[i]), yaxis.c2p(value)]);
      const [line, marks] = [drawn.querySelector(".js-line"), drawn.querySelectorAll(".points path")];
      line?.setAttribute("d", `M${places.map((place) => place.join()).join("L")}`);
      if (marks.length !== y.length) continue;
      places.forEach((place, i) => marks[i].setAttribute("transform", `translate(${place.join()})`));
    }
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.catchUp(), QUIET);
  }

  paintBar(path) {
    const column = this.data.map((trace) => get(trace, path)).find((value) => value !== undefined);
    const texts = this.element.querySelectorAll(BAR[path]);
    [column].flat().forEach((text, at) => texts[at] && (texts[at].textContent = text));
  }

  /** Show images with the sources that they have now, and points filled with theirs. */
  paintPictures() {
    this.repictured = false;
    const drawn = this.element.querySelectorAll(".imagelayer image");
    this.layout.images?.forEach(({ source }, i) => drawn[i]?.setAttribute("href", source));
    for (const trace of this.element.querySelectorAll(".scatterlayer .trace")) {
      const { name } = this.data[trace.__data__[0].trace.index];
      const marks = trace.querySelectorAll(".points path");
      this.pictures[name]?.forEach((source, i) => {
        if (source && marks[i]) marks[i].style.fill = this.filledWith(source, `${name}-${i}`);
      });
    }
  }

  /** Return a fill that is a picture, stretched over what it fills; one fill a name. */
  filledWith(source, name) {
    const id = `picture-${this.number}-${name}`;
    let pattern = this.patterns?.querySelector(`[id="${id}"]`);
    if (!pattern) {
      this.patterns ??= made("svg", { width: 0, height: 0, style: "position: absolute" });
      const whole = { width: 1, height: 1, preserveAspectRatio: "none" };
      pattern = made("pattern", { id, ...whole, patternContentUnits: "objectBoundingBox" });
      pattern.append(made("image", whole));
      this.patterns.append(pattern);
      this.element.append(this.patterns);
    }
    pattern.firstChild.setAttribute("href", source);
    return `url("#${id}")`;
  }

  /** Write lines: each its colour, width and dashes, or the segments that share a line its path. */
  paintShapes() {
    if (this.bins) {
      const segments = this.segmentsInPixels();
      this.joined(segments).forEach((path, bin) => this.lines[bin].setAttribute("d", path));
      return;
    }
    this.layout.shapes.forEach(({ line }, i) => {
      const { style } = this.lines[i];
      style.stroke = line.color;
      style.strokeWidth = `${line.width}px`;
      style.strokeDasharray = line.dash === "solid" ? "" : line.dash;
    });
  }

  /** Join the segments that share a letter into one path; a letter beyond the lines is not drawn. */
  joined(segments) {
    const paths = Array.from({ length: this.bins }, () => []);
    for (let i = 0; i < segments.length; i++) {
      paths[this.codes.charCodeAt(i) - FIRST]?.push(segments[i]);
    }
    return paths.map((parts) => parts.join("") || NOWHERE);
  }

  /** Light up one part: a point, or the line that a point stands for. */
  light(id) {
    this.element.querySelectorAll(".lit").forEach((part) => part.classList.remove("lit"));
    if (id === undefined) return;
    for (const drawn of this.element.querySelectorAll(".scatterlayer .trace")) {
      const { ids, meta } = this.data[drawn.__data__[0].trace.index];
      const selector = meta === "lines" ? ".shapelayer path[data-index]" : ".points path";
      const scope = meta === "lines" ? this.element : drawn;
      scope.querySelectorAll(selector)[ids?.indexOf(id)]?.classList.add("lit");
    }
  }

  /** Where the segments are on the screen, with the axes as they are zoomed now. */
  segmentsInPixels() {
    const { xaxis, yaxis } = this.element._fullLayout;
    const on = (axis) => (value) => (axis._offset + axis.c2p(Number(value))).toFixed(2);
    const [x, y] = [on(xaxis), on(yaxis)];
    const place = [x(0), x(1000), y(0), y(1000)].join();
    if (place !== this.place) {
      this.place = place;
      const point = /(-?[\d.]+) (-?[\d.]+)/g;
      this.pixels = this.segments.map((one) => one.replace(point, (_, a, b) => `${x(a)},${y(b)}`));
    }
    return this.pixels;
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
      if (this.bins) {
        const shapes = this.layout.shapes;
        this.joined(this.segments).forEach((path, bin) => (shapes[bin].path = path));
      }
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

/** Turn a figure's sizes, which are those of its design, into pixels here. */
function inUnits(value, unit, path = "") {
  if (typeof value === "number") return PIXELS.has(path.split(".").at(-1)) ? value * unit : value;
  if (Array.isArray(value)) return value.map((part) => inUnits(part, unit, path));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([k, part]) => [k, inUnits(part, unit, k)]));
}

/** Make an SVG element. */
function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function get(object, path) {
  return path.split(".").reduce((part, key) => part?.[key], object);
}

/** Set a value; a column that is there already is filled again, for Plotly has it in use. */
function put(object, path, value) {
  const there = get(object, path);
  if (Array.isArray(there) && Array.isArray(value)) {
    there.splice(0, there.length, ...value);
    return;
  }
  const keys = path.split(".");
  const last = keys.pop();
  for (const key of keys) object = object[key] ??= {};
  object[last] = value;
}
