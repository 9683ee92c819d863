/** The outlines of points, as Plotly draws them. */

const OUTLINES = {
  circle: (r) => `M${r},0A${r},${r} 0 1,1 0,-${r}A${r},${r} 0 0,1 ${r},0Z`,
  square: (r) => `M${r},${r}H-${r}V-${r}H${r}Z`,
  diamond: (r) => ((far) => `M${far},0L0,${far}L-${far},0L0,-${far}Z`)(round(1.3 * r)),
};

/** Return the SVG path of a symbol of this size in pixels. */
export function outline(symbol, size) {
  return OUTLINES[symbol](round(size / 2));
}

function round(length) {
  return Math.round(100 * length) / 100;
}
