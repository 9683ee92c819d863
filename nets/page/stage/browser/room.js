/** Room in the diagram: what is moved, enlarged or left out, so that all fits on this screen. */

import { unitsFor } from "./plotly.js";

const NARROW = 3.2; // radii between two columns, below which there is no room for long names
const SHORT = 56; // px on a side with short names
const ROW = 0.48; // of the distance between rows or columns; the largest radius of a neuron
const EXTENT = 1.11; // of the vertical axis, in heights of a full column

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
