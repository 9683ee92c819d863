/**
 * A pace: something slow is drawn again only after ten times as long as the last drawing took, so
 * that everything else has nearly all of the time.
 */

const SHORTEST = 90; // ms between two drawings
const LONGEST = 400;

export class Pace {
  /** @param draw draws it. */
  constructor(draw) {
    this.draw = draw;
    this.begun = -Infinity; // when it was last drawn
    this.took = 0; // ms
  }

  /** Draw it, now or when its time has come. */
  ask() {
    const interval = Math.min(LONGEST, Math.max(SHORTEST, 10 * this.took));
    const wait = this.begun + interval - performance.now();
    clearTimeout(this.timer);
    if (wait > 0) this.timer = setTimeout(() => this.ask(), wait);
    else {
      this.begun = performance.now();
      this.draw();
      this.took = performance.now() - this.begun;
    }
  }

  /** Let the next drawing be at once. */
  hurry() {
    this.begun = -Infinity;
  }

  close() {
    clearTimeout(this.timer);
  }
}
