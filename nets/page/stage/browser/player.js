/** The player paints frames at the chosen speed, and asks for more before they run out. */

const MAX_WAITING = 24; // frames; at full speed it skips the pictures of older ones, never an epoch

export class Player {
  /**
   * @param paint shows the last of some frames.
   * @param askForMore asks the server for more frames, unless it has been asked already.
   */
  constructor(paint, askForMore) {
    this.paint = paint;
    this.askForMore = askForMore;
    this.queue = []; // frames that are not painted yet
    this.playing = false;
    this.more = false; // whether the server has more to show
    this.nextAt = 0; // when the next frame may be painted
    this.loop = this.loop.bind(this);
  }

  /** Take the frames of a message. */
  take({ frames, playing, more, pace }) {
    Object.assign(this, { playing, more, pace });
    this.queue.push(...frames);
    // At full speed ask for more at once; at a chosen speed when half of the frames are painted.
    this.low = pace === 0 ? MAX_WAITING : Math.ceil(frames.length / 2);
    if (!playing) this.paint(this.queue.splice(0));
    if (!more) return;
    this.askIfLow(); // the server works while we paint
    if (!this.looping) this.loop(performance.now());
  }

  /** Drop the frames that are not painted yet. */
  empty() {
    this.queue = [];
  }

  stop() {
    this.empty();
    this.playing = this.more = false;
  }

  /** Paint what is due and ask for more, once for each animation frame of the browser. */
  loop(now) {
    this.looping = this.more;
    if (!this.looping) return;
    if (this.playing && this.queue.length && now >= this.nextAt) {
      const skipped = this.pace === 0 ? Math.max(0, this.queue.length - MAX_WAITING) : 0;
      this.nextAt = Math.max(this.nextAt + this.pace, now);
      this.paint(this.queue.splice(0, skipped + 1));
    }
    this.askIfLow();
    requestAnimationFrame(this.loop);
  }

  askIfLow() {
    if (this.queue.length <= this.low) this.askForMore();
  }
}
