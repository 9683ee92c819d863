/** Texts: what a frame says in words, each text in the element with the same key. */

export class Texts {
  constructor() {
    this.texts = {};
    // The server writes epoch and loss too, and may do so after the browser has painted newer ones.
    // An observer is called before the next picture, so nobody sees the older number.
    this.observer = new MutationObserver(() => this.write());
  }

  /** Write the texts of a frame. */
  show(texts) {
    this.texts = texts;
    this.write();
    this.observe(document.querySelector(".st-key-transport"));
  }

  write() {
    for (const [key, text] of Object.entries(this.texts)) {
      const element = document.querySelector(`.st-key-${key} [data-text]`);
      if (!element || element.textContent === text) continue;
      element.textContent = text;
      element.dataset.text = text;
    }
  }

  /** Write them again whenever the server changes this element. */
  observe(element) {
    if (!element || element === this.observed) return;
    this.observer.disconnect();
    this.observer.observe(element, { childList: true, subtree: true });
    this.observed = element;
  }

  close() {
    this.observer.disconnect();
  }
}
