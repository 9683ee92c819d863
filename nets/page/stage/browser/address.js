/**
 * The address: it always holds the run on show, and is changed in place, without a new entry in the
 * browser's history.
 */

const INTERVAL = 500; // ms between two changes while it plays; browsers refuse too many

export class Address {
  constructor() {
    this.base = ["", 0]; // a query string, and the last epoch of the run that it stands for
  }

  /** Take a new address from the server. */
  take(base, { playing, shown }) {
    this.base = base;
    this.follow(playing, shown, !playing);
  }

  /** Follow the epoch on show: while it plays every now and then, at rest at once. */
  follow(playing, shown, now = false) {
    this.next = () => this.write(playing, shown);
    if (now) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), INTERVAL);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    this.next?.();
    this.next = null;
  }

  write(playing, shown) {
    const [query, epoch] = this.base;
    const more = playing ? shown - epoch : 0;
    if (!query || more < 0) return; // the server is ahead of the picture
    const search = `?${query}${more ? `&more=${more}` : ""}${playing ? "&play=1" : ""}`;
    const { pathname, hash } = window.location;
    if (search !== window.location.search)
      window.history.replaceState(window.history.state, "", pathname + search + hash);
  }

  close() {
    this.next = null;
    clearTimeout(this.timer);
  }
}
