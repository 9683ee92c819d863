/** The player: paints frames at the wanted pace, and asks for more before they run out. */

const MOST_WAITING = 12; // frames; at full speed pictures are skipped beyond that, but no epoch is

export class Player {
  /**
   * @param paint shows the last of some frames.
   * @param askForMore asks the server to go on, unless it has been asked already.
   */
  constructor(paint, askForMore) {
    this.paint = paint;
    this.askForMore = askForMore;
    this.queue = []; // frames that are still to be painted
    this.playing = false;
    this.more = false; // whether the server has more to show when asked
    this.due = 0; // when the next frame may be painted
    this.loop = this.loop.bind(this);
  }

  /** Take the frames of a message, and what it says of those to come. */
  take({ frames, playing, more, pace }) {
    Object.assign(this, { playing, more, pace });
    this.queue.push(...frames);
    // At full speed more is wanted at once; at a pace, when half of it is gone.
    this.low = pace === 0 ? MOST_WAITING : Math.ceil(frames.length / 2);
    if (!playing) this.paint(this.queue.splice(0));
    if (!more) return;
    this.askIfLow(); // the server goes on while this is painted
    if (!this.looping) this.loop(performance.now());
  }

  /** Forget what is still to be painted. */
  empty() {
    this.queue = [];
  }

  stop() {
    this.empty();
    this.playing = this.more = false;
  }

  /** Paint what is due and ask for more, frame by frame of the browser, while there is more. */
  loop(now) {
    this.looping = this.more;
    if (!this.looping) return;
    if (this.playing && this.queue.length && now >= this.due) {
      const skipped = this.pace === 0 ? Math.max(0, this.queue.length - MOST_WAITING) : 0;
      this.due = Math.max(this.due + this.pace, now);
      this.paint(this.queue.splice(0, skipped + 1));
    }
    this.askIfLow();
    requestAnimationFrame(this.loop);
  }

  askIfLow() {
    if (this.queue.length <= this.low) this.askForMore();
  }
}
