/**
 * The parts of Plotly that are private: how it names the parts of its SVG, and how it keeps axes.
 *
 * Plotly's own update of a figure takes longer than painting it. So we write into the SVG that
 * Plotly has drawn, for which Plotly has no public functions. Only this file does so, and
 * tests/browser/test_plotly.py fails, part by part, when a new version of Plotly differs.
 */

import { outline } from "./outlines.js";

const TRACES = ".scatterlayer .trace";
const POINTS = ".points path";
const TEXTS = ".text text";
const LINE = ".js-line";
const SHAPES = ".shapelayer path[data-index]";
const IMAGES = ".imagelayer image";
const LAYERS = ":is(.main-svg, [data-fills])"; // and ours, with the pictures that fill points
const POINTER_ONLY = ".hoverlayer, .draglayer, .drag, .bg[style*='pointer-events: all']";

/** For each property of a trace: the elements that show it, and how to write a value into one. */
const WRITERS = {
  "marker.color": [POINTS, (point, value) => (point.style.fill = value)],
  "marker.line.color": [POINTS, (point, value) => (point.style.stroke = value)],
  "marker.symbol": [POINTS, (point, value, size) => setPath(point, outline(value, size))],
  "marker.line.width": [POINTS, (point, value) => (point.style.strokeWidth = `${value}px`)],
  text: [TEXTS, setText],
  "textfont.color": [TEXTS, (text, value) => (text.style.fill = value)],
};
/** The texts of a colour bar, which Plotly does not draw inside its trace. */
const COLOUR_BAR = {
  "marker.colorbar.title.text": ".cbtitle text",
  "marker.colorbar.ticktext": ".cbaxis text",
};
const NOT_DRAWN = "customdata"; // Plotly reads it when a hover box opens

let plotly = null;

/** Load plotly.js, once for the page. The promise is fulfilled when `Plotly` exists. */
export function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(script);
  });
  return plotly;
}

/** Return the property of a trace or shape at a path such as "marker.line.color". */
export function getProperty(object, path) {
  return path.split(".").reduce((part, key) => part?.[key], object);
}

/** Set a property. An array keeps its identity, because Plotly holds on to it. */
export function setProperty(object, path, value) {
  const old = getProperty(object, path);
  if (Array.isArray(old) && Array.isArray(value)) {
    old.splice(0, old.length, ...value);
    return;
  }
  const keys = path.split(".");
  const last = keys.pop();
  for (const key of keys) object = object[key] ??= {};
  object[last] = value;
}

/** Return whether `writeProperty` can show this property without Plotly. */
export function isWritable(path) {
  return path === "y" || path === NOT_DRAWN || path in WRITERS || path in COLOUR_BAR;
}

/** Write a property of all traces that have it into the SVG. */
export function writeProperty(element, data, path) {
  if (path === "y") writeHeights(element, data);
  else if (path in COLOUR_BAR) writeColourBar(element, data, path);
  else if (path in WRITERS) writePoints(element, data, path);
}

function writePoints(element, data, path) {
  const [selector, write] = WRITERS[path];
  for (const [group, trace] of drawnTraces(element, data)) {
    const values = getProperty(trace, path);
    const parts = group.querySelectorAll(selector);
    if (Array.isArray(values) && parts.length === values.length)
      values.forEach((value, i) => write(parts[i], value, sizeAt(trace, i)));
  }
}

/** Write into the node that is there: for a new one the browser matches all styles of the page. */
function setText(text, value) {
  if (text.firstChild?.nodeType === Node.TEXT_NODE) text.firstChild.data = value;
  else text.textContent = value;
}

/** A path that is set is drawn again, even if it is the same. */
function setPath(point, path) {
  if (point.getAttribute("d") !== path) point.setAttribute("d", path);
}

function sizeAt({ marker }, place) {
  return Array.isArray(marker?.size) ? marker.size[place] : marker?.size;
}

/** Bend lines and move points to their new heights. The axes do not change. */
function writeHeights(element, data) {
  const { xaxis, yaxis } = element._fullLayout;
  for (const [group, { x, y }] of drawnTraces(element, data)) {
    const places = y.map((value, i) => [xaxis.c2p(x[i]), yaxis.c2p(value)]);
    const [line, points] = [group.querySelector(LINE), group.querySelectorAll(POINTS)];
    line?.setAttribute("d", `M${places.map((place) => place.join()).join("L")}`);
    if (points.length !== y.length) continue;
    places.forEach((place, i) => points[i].setAttribute("transform", `translate(${place.join()})`));
  }
}

function writeColourBar(element, data, path) {
  const value = data.map((trace) => getProperty(trace, path)).find((one) => one !== undefined);
  const texts = element.querySelectorAll(COLOUR_BAR[path]);
  [value].flat().forEach((text, i) => texts[i] && (texts[i].textContent = text));
}

/** Return each drawn trace as [its SVG group, its data]. */
function drawnTraces(element, data) {
  const groups = [...element.querySelectorAll(TRACES)];
  return groups.map((group) => [group, data[group.__data__[0].trace.index]]);
}

/** Return the SVG paths of the layout's shapes. */
export function drawnShapes(element) {
  return element.querySelectorAll(SHAPES);
}

/** Write colour, width and dashes of the layout's shapes. */
export function writeLineStyles(element, shapes) {
  const drawn = drawnShapes(element);
  shapes.forEach(({ line }, i) => {
    const { style } = drawn[i];
    style.stroke = line.color;
    style.strokeWidth = `${line.width}px`;
    style.strokeDasharray = line.dash === "solid" ? "" : line.dash;
  });
}

/** Write the paths of the layout's shapes, in pixels. */
export function writePaths(element, paths) {
  const drawn = drawnShapes(element);
  paths.forEach((path, i) => drawn[i].setAttribute("d", path));
}

/** Return two functions that turn places on the axes into pixels, as zoomed now. */
export function pixelScales(element) {
  const { xaxis, yaxis } = element._fullLayout;
  return [xaxis, yaxis].map((axis) => (value) => axis._offset + axis.c2p(Number(value)));
}

/** Return the value of the horizontal axis at a place in the window; null outside the plot. */
export function valueAt(element, clientX) {
  const { xaxis } = element._fullLayout ?? {};
  if (!xaxis) return null;
  const pixel = clientX - element.getBoundingClientRect().left - xaxis._offset;
  return pixel < 0 || pixel > xaxis._length ? null : xaxis.p2c(pixel);
}

/** Return how far from the left a value of the horizontal axis is, in px, or the axis' nearer end. */
export function placeOf(element, value) {
  const { xaxis } = element._fullLayout ?? {};
  return xaxis ? xaxis._offset + Math.min(xaxis._length, Math.max(0, xaxis.c2p(value))) : null;
}

/** Show other sources in the layout's images. */
export function writeImages(element, images) {
  const drawn = element.querySelectorAll(IMAGES);
  images.forEach(({ source }, i) => drawn[i]?.setAttribute("href", source));
}

/** Return copies of all that Plotly has drawn, without what only serves the pointer. */
export function drawnLayers(element) {
  const copies = [];
  for (const layer of element.querySelectorAll(LAYERS)) {
    const copy = layer.cloneNode(true);
    copy.querySelectorAll(POINTER_ONLY).forEach((part) => part.remove());
    copies.push(...copy.childNodes);
  }
  return copies;
}

/** Return the SVG points of each drawn trace, by the trace's name. */
export function drawnPoints(element, data) {
  const traces = drawnTraces(element, data);
  return traces.map(([group, { name }]) => [name, group.querySelectorAll(POINTS)]);
}

/**
 * Highlight one part, and no other: a point, or the line that the point stands for.
 *
 * @param id of the point; undefined for no highlight at all.
 */
export function highlight(element, data, id) {
  element.querySelectorAll(".highlighted").forEach((part) => part.classList.remove("highlighted"));
  if (id === undefined) return;
  for (const [group, { ids, meta }] of drawnTraces(element, data)) {
    const parts = meta === "lines" ? drawnShapes(element) : group.querySelectorAll(POINTS);
    parts[ids?.indexOf(id)]?.classList.add("highlighted");
  }
}

/** Hide words that would lie over earlier ones, as an axis leaves out labels. */
export function hideCrowded(element) {
  const kept = [];
  for (const word of element.querySelectorAll(".annotation")) {
    const { left, right, top, bottom } = word.getBoundingClientRect();
    const line = (bottom - top) / 6; // letters do not fill their line
    const over = (a) => left < a.right && right > a.left && top + line < a.bottom && bottom - line > a.top;
    const isFree = !kept.some(over);
    word.style.visibility = isFree ? "" : "hidden";
    if (isFree) kept.push({ left, right, top: top + line, bottom: bottom - line });
  }
}
