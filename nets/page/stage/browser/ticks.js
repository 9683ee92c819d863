/** Ticks of logarithmic axes: Plotly's own lie on top of each other in a low chart, or are too few. */

const LINE = 17; // px from one label to the next, at the page's smallest letters
const OTHERS = 75; // px of a chart's height that are not its axis, at the same letters
const FEW = 3; // ticks that are enough
const MOST = 5;
const STEPS_OF_DECADES = [1, 2, 3, 5, 10, 20, 50, 100];
const WITHIN_A_DECADE = [
  [1, 2, 5],
  [1, 3],
];

/**
 * Choose round numbers between two numbers: powers of ten, else numbers such as 1, 2 and 5 between
 * them, else numbers at equal steps.
 *
 * @param low, high the ends of the axis, both above 0.
 * @param gap the smallest distance of two ticks, as a share of the axis.
 * @returns the numbers, lowest first.
 */
export function ticksBetween(low, high, gap) {
  const least = gap * Math.log10(high / low);
  const isFar = (tick, other) => Math.log10(tick / other) >= least;
  let best = [];
  let spread = []; // with numbers left out, for an axis where no whole set fits
  for (const all of candidates(low, high)) {
    const ticks = all.filter((tick) => tick >= low && tick <= high);
    const apart = ticks.reduce((kept, t) => (!kept.length || isFar(t, kept.at(-1)) ? [...kept, t] : kept), []);
    if (apart.length > spread.length) spread = apart;
    if (apart.length < ticks.length || ticks.length > MOST) continue;
    if (ticks.length >= FEW) return ticks;
    if (ticks.length > best.length) best = ticks;
  }
  return best.length > 1 ? best : spread.slice(0, MOST);
}

/** List sets of round numbers around an axis, the roundest first. */
function* candidates(low, high) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  for (const step of STEPS_OF_DECADES)
    yield decades.filter((power) => power % step === 0).map((power) => Number(`1e${power}`));
  for (const digits of WITHIN_A_DECADE)
    yield decades.flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)));
  const size = Math.floor(Math.log10(high - low));
  for (const power of [size, size - 1])
    for (const digit of [5, 2, 1]) {
      const [begin, end] = [low, high].map((at) => Math.floor(at / Number(`${digit}e${power}`)));
      // Whole numbers with an exponent, because 3 · 0.1 is 0.30000000000000004.
      yield Array.from({ length: end - begin + 1 }, (_, i) => Number(`${(begin + i) * digit}e${power}`));
    }
}

/** Return the changes of a figure's layout that give its logarithmic axes their ticks. */
export function logarithmicTicks(data, layout, type) {
  const changes = {};
  for (const name of ["yaxis", "yaxis2"]) {
    if (layout[name]?.type !== "log") continue;
    const values = data.filter((trace) => `yaxis${trace.yaxis?.slice(1) ?? ""}` === name);
    const shown = values.flatMap(({ y }) => [...(y ?? [])]).filter((value) => value > 0);
    const [below, above] = layout[name].domain ?? [0, 1];
    const height = Math.max(40, (above - below) * layout.height - OTHERS * type);
    const floors = (layout.shapes ?? []).map(({ y0 }) => y0).filter((value) => value > 0);
    const ends = [...shown, ...(name === "yaxis" ? floors : [])];
    const ticks = ends.length ? ticksBetween(...endsOfAxis(ends), (LINE * type) / height) : null;
    changes[`${name}.tickvals`] = ticks;
    changes[`${name}.ticktext`] = ticks?.map(written) ?? null;
    changes[`${name}.tickmode`] = ticks ? "array" : "auto";
  }
  return changes;
}

/** Return where Plotly ends an axis: a little beyond the data, or a decade to each side of one. */
function endsOfAxis(values) {
  const [low, high] = values.reduce(([a, b], y) => [Math.min(a, y), Math.max(b, y)], [Infinity, 0]);
  const room = high > low * (1 + 1e-9) ? (high / low) ** 0.05 : 10;
  return [low / room, high * room];
}

/** Write a number with as few letters as it needs. */
function written(value) {
  const short = value >= 1e-4 && value < 1e6 ? String(value) : value.toExponential();
  return short.replace("e+", "e").replace("-", "−");
}
