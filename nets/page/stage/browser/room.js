/** Room in a figure: what is moved, enlarged or left out, so that all fits on this screen. */

const DESIGN = { width: 330, height: 380 }; // px; up to this size, sizes are drawn as given
const SMALL_LETTERS = 12.8; // px of the page's smallest letters, for which sizes of type are given
// Sizes of marks (also of the text inside them), and sizes of type and of the room for it.
const OF_MARKS = /(^|\.)(size|width|thickness|xshift)$/;
const OF_TYPE = /(^|\.)((font|tickfont|text-only)\.size|standoff|xpad|yshift|[lrtb])$/;
const NARROW = 3.2; // radii between two columns, below which there is no room for long names
const SHORT = 56; // px on a side with short names
const ROW = 0.48; // of the distance between rows or columns; the largest radius of a neuron
const EXTENT = 1.11; // of the vertical axis, in heights of a full column

/**
 * Return by how much to enlarge a figure on this screen: its marks by its own size, 2 at most; its
 * type as the letters of the page.
 */
function unitsFor({ width, height }, design = DESIGN) {
  const fits = Math.min(height / design.height, width / design.width);
  const letters = parseFloat(getComputedStyle(document.querySelector(".legend")).fontSize);
  return { marks: Math.min(2, Math.max(0.8, fits)), type: letters / SMALL_LETTERS, least: letters };
}

/** Enlarge all sizes in a part of a figure; `path` says which part it is. */
export function inUnits(value, units, path = "") {
  if (typeof value === "number")
    return value * (OF_TYPE.test(path) ? units.type : OF_MARKS.test(path) ? units.marks : 1);
  if (Array.isArray(value)) return value.map((part) => inUnits(part, units, path));
  if (value === null || typeof value !== "object") return value;
  const inner = (key) => (value.mode === "text" && key === "textfont" ? "text-only" : `${path}.${key}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, inUnits(part, units, inner(key))]),
  );
}

/** Leave out words inside marks that would be smaller than the page's smallest letters. */
export function withoutTinyWords(data, { type }) {
  const least = SMALL_LETTERS * type;
  for (const trace of data)
    if (trace.mode === "markers+text" && trace.textfont.size < least) trace.mode = "markers";
  return data;
}

/** Return the width of what is drawn between the names at both sides, in px. */
function innerWidth({ room: [left, right], other }, width, type) {
  return Math.max(width / 4, width - (left + right + other) * type);
}

/**
 * Return the design for this screen, and by how much marks and type are enlarged.
 *
 * @param given the design as the server wrote it: see diagram.py; undefined for other figures.
 * @param size of the figure on the screen.
 */
export function fitted(given, size) {
  const units = unitsFor(size, given);
  if (!given?.words) return [given, units];
  const design = hasRoomForNames(given, size, units) ? given : withShortNames(given);
  return [design, { ...units, marks: marksFor(units, size, design) }];
}

function hasRoomForNames({ words, radius, columns }, { width }, { marks, type }) {
  return innerWidth(words, width, type) / columns >= NARROW * radius * marks;
}

/** Leave out the names of columns where they would press the neurons together: x₁ is left. */
function withShortNames(design) {
  return { ...design, short: true, words: { ...design.words, room: [SHORT, SHORT] } };
}

/** Shorten the names at both sides, which alone are shifted to a side. */
export function shortenNames(annotations) {
  for (const one of annotations) if (one.xanchor) one.text = one.text.split(" ")[0];
}

/** Return by how much to enlarge neurons, so that the values in them have readable letters. */
function marksFor({ marks, type, least }, { width, height }, { values, radius, columns, rows, words }) {
  const needed = (1.001 * least) / values; // not a number if there is no value in a neuron
  const distance = Math.min(innerWidth(words, width, type) / columns, (height - 40) / EXTENT / rows);
  return needed * radius < ROW * distance ? Math.max(marks, needed) : marks;
}

/**
 * Make room in a figure for names, and keep its biases at their distance from the neurons.
 *
 * @param figure with the design and the units of `fitted`.
 * @param size of the figure on the screen.
 * @return the range of the horizontal axis, and the trace of the biases with its new places.
 */
export function roomFor({ data, layout, design: { words, biases }, units }, size) {
  const range = rangeWithRoom(words, size.width, units.type);
  const pixel = pixelOf({ ...layout, ...size, xaxis: { range } }, words, units.type);
  return [range, placeBiases(data, biases, units.marks, pixel)];
}

/** Return a horizontal axis with room for the words at both sides of what is drawn. */
function rangeWithRoom(words, width, type) {
  const { ends: [start, end], room: [left, right] } = words;
  const pixel = (end - start) / innerWidth(words, width, type);
  return [start - left * type * pixel, end + right * type * pixel];
}

/** Return the size of a pixel, in the units of the axes. */
function pixelOf({ width, height, margin, xaxis, yaxis }, { other }, type) {
  const extent = ({ range: [low, high] }) => high - low;
  return {
    width: extent(xaxis) / (width - other * type),
    height: extent(yaxis) / (height - margin.t - margin.b),
  };
}

/** Place the biases left of their neurons and below them: see `bias_shift` in markers.py. */
function placeBiases(data, { first, shift: [left, below] }, marks, pixel) {
  const [neurons, biases] = ["neurons", "biases"].map((name) => data.find((one) => one.name === name));
  biases.x.forEach((_, i) => {
    biases.x[i] = neurons.x[first + i] - left * marks * pixel.width;
    biases.y[i] = neurons.y[first + i] - below * marks * pixel.height;
  });
  return biases;
}
