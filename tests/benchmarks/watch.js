/**
 * Watches a picture: notes for every frame that the browser paints whether it is there, whether it
 * has changed, and which epoch the page names. Times are those of performance.now(), in ms, taken
 * just after the frame has been made.
 */
window.watch = {
  frames: [],
  unmounts: 0,

  /** Begin; where `compare` is on, only another look counts as a change, not every redrawing. */
  begin(selector, { compare = false } = {}) {
    this.end();
    Object.assign(this, { selector, compare, frames: [], unmounts: 0, clicked: null });
    this.watching = true;
    this.touched = false;
    this.looks = compare ? this.look() : null;
    this.observer = new MutationObserver((changes) => changes.forEach((one) => this.note(one)));
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    this.observer.observe(document.body, everything);
    const after = new MessageChannel();
    after.port1.onmessage = () => this.frame();
    const each = () => {
      if (!this.watching) return;
      after.port2.postMessage(null);
      requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
  },

  end() {
    this.watching = false;
    this.observer?.disconnect();
    return { frames: this.frames, unmounts: this.unmounts, clicked: this.clicked };
  },

  note({ target, addedNodes, removedNodes }) {
    const svg = (node) => node.matches?.(".main-svg") || node.querySelector?.(".main-svg");
    const here = (target.nodeType === 1 ? target : target.parentElement)?.closest(this.selector);
    if (!here && ![...addedNodes, ...removedNodes].some(svg)) return;
    this.touched = true;
    this.unmounts += [...removedNodes].filter(svg).length;
  },

  frame() {
    if (!this.watching) return;
    const picture = document.querySelector(this.selector);
    let changed = this.touched;
    this.touched = false;
    if (changed && this.compare) {
      const looks = this.look();
      changed = looks !== this.looks;
      this.looks = looks;
    }
    this.frames.push({
      time: performance.now(),
      there: Boolean(picture?.querySelector(".main-svg path")),
      changed,
      epoch: Number(document.querySelector(".st-key-epoch output")?.textContent),
    });
    if (this.wanted?.(this)) {
      this.arrived(performance.now());
      this.wanted = null;
    }
  },

  look() {
    const parts = document.querySelectorAll(`${this.selector} .main-svg`);
    // These cannot be seen: the order of a style's parts, Plotly's notes, a path without length.
    const sorted = (style) => style.split(/;\s*/).sort().join(";");
    const seen = (svg) =>
      svg.replace(/style="[^"]*"/g, sorted).replace(/ (data-unformatted="[^"]*"|d="M[^A-Z]*")/g, "");
    return [...parts].map((part) => seen(part.outerHTML)).join();
  },

  /** Ask for the first frame that satisfies a condition; `found` tells its time since the click. */
  want(condition) {
    this.wanted = condition;
    const arrival = new Promise((resolve) => (this.arrived = resolve));
    this.found = arrival.then((time) => time - this.clicked);
  },
};

window.addEventListener("click", (event) => (window.watch.clicked = event.timeStamp), true);
