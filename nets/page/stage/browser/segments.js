/** Many edges in few SVG paths: all edges with the same colour and width share one path. */

const FIRST = "A".charCodeAt(0); // the letter of the first shared path
const EMPTY = "M0 0";

export class Segments {
  /**
   * @param {string[]} paths one SVG path for each segment, in units of the axes.
   * @param {number} count how many paths the segments share.
   */
  constructor(paths, count) {
    this.paths = paths;
    this.count = count;
    this.codes = ""; // one letter for each segment: the shared path that it belongs to
  }

  /** Join the segments into the shared paths. A segment with any other letter is not drawn. */
  join(paths = this.paths) {
    const parts = Array.from({ length: this.count }, () => []);
    paths.forEach((path, i) => parts[this.codes.charCodeAt(i) - FIRST]?.push(path));
    return parts.map((one) => one.join("") || EMPTY);
  }

  /** Do the same in pixels; `scales` turn places on the two axes into pixels. */
  joinInPixels(scales) {
    const [x, y] = scales.map((scale) => (value) => scale(value).toFixed(2));
    const zoom = [x(0), x(1000), y(0), y(1000)].join();
    if (zoom !== this.zoom) {
      this.zoom = zoom;
      const point = /(-?[\d.]+) (-?[\d.]+)/g;
      this.pixels = this.paths.map((one) => one.replace(point, (_, a, b) => `${x(a)},${y(b)}`));
    }
    return this.join(this.pixels);
  }
}
