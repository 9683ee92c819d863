/** Units: the sizes in a figure are those of its design, and become pixels of this screen. */

const DESIGN = { width: 330, height: 380 }; // px; the smallest figure that is drawn in its own sizes
const PIXELS = new Set("size width thickness standoff xshift l r t b".split(" "));

/** Return how many pixels one pixel of a design is at this size: more on a projector. */
export function unitOf({ width, height }, design = DESIGN) {
  return Math.min(2, Math.max(0.8, Math.min(height / design.height, width / design.width)));
}

/** Turn the sizes in a part of a figure into pixels; `path` says which part it is. */
export function inUnits(value, unit, path = "") {
  if (typeof value === "number") return PIXELS.has(path.split(".").at(-1)) ? value * unit : value;
  if (Array.isArray(value)) return value.map((part) => inUnits(part, unit, path));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([k, part]) => [k, inUnits(part, unit, k)]));
}
