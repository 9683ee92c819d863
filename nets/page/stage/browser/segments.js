/** Segments that share a line: many edges of one look are drawn as one path. */

const FIRST = "A".charCodeAt(0); // the letter of the first shared line
const NOWHERE = "M0 0";

export class Segments {
  /**
   * @param {string[]} paths one SVG path a segment, in the figure's own places.
   * @param {number} lines how many lines they share.
   */
  constructor(paths, lines) {
    this.paths = paths;
    this.lines = lines;
    this.codes = ""; // one letter a segment: the line that it is drawn with
  }

  /** Join the segments of each line into one path; a letter beyond the lines is not drawn. */
  joined(paths = this.paths) {
    const parts = Array.from({ length: this.lines }, () => []);
    paths.forEach((path, i) => parts[this.codes.charCodeAt(i) - FIRST]?.push(path));
    return parts.map((one) => one.join("") || NOWHERE);
  }

  /** The same on the screen, with the axes as they are zoomed now. */
  joinedInPixels({ xaxis, yaxis }) {
    const on = (axis) => (value) => (axis._offset + axis.c2p(Number(value))).toFixed(2);
    const [x, y] = [on(xaxis), on(yaxis)];
    const place = [x(0), x(1000), y(0), y(1000)].join();
    if (place !== this.place) {
      this.place = place;
      const point = /(-?[\d.]+) (-?[\d.]+)/g;
      this.pixels = this.paths.map((one) => one.replace(point, (_, a, b) => `${x(a)},${y(b)}`));
    }
    return this.joined(this.pixels);
  }
}
