/**
 * The stage: figures that are drawn once and then only changed, one frame after another.
 *
 * It knows Plotly and nothing of neural networks. The server sends messages: whole figures now and
 * then, and frames, each a set of changes to the figures and to texts on the page. While playing,
 * the frames are painted at the wanted pace and more are asked for before they run out.
 */

import { Figure } from "./figure.js";
import { PATIENCE, Questions } from "./questions.js";

const MOST_WAITING = 12; // frames; at full speed pictures are skipped beyond that, but no epoch is
const AFTERWARDS = 30; // ms that charts wait, so that a click shows in the first figure at once
const stages = new WeakMap();

/**
 * Show a message: the function that Streamlit calls with every new one.
 *
 * @param component what Streamlit hands to a component.
 * @param page the address of plotly.js, and the button and key that pause.
 */
export function show({ data, parentElement, setTriggerValue }, page) {
  let stage = stages.get(parentElement);
  if (!stage) stages.set(parentElement, (stage = new Stage(parentElement, page)));
  stage.tell = setTriggerValue;
  stage.receive(data);
  return () => setTimeout(() => stage.leave());
}

class Stage {
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.figures = new Map(); // name → Figure
    this.queue = []; // frames that are still to be painted
    this.received = 0; // number of the last message
    this.picture = null; // number of the figures on show
    this.shown = null; // number of the last frame on show
    this.ahead = {}; // frames that clicks will lead to, by button
    this.foreseen = null; // the button whose frame was painted ahead of the server's answer
    this.held = []; // buttons that were clicked meanwhile
    this.playing = false;
    this.more = false; // whether the server has more to show when asked
    this.due = 0; // when the next frame may be painted
    this.questions = new Questions((question, value) => this.tell(question, value));
    this.taken = Promise.resolve(); // once all messages so far are taken
    this.listeners = new AbortController();
    const capture = { capture: true, signal: this.listeners.signal };
    window.addEventListener("click", (event) => this.intercept(event), capture);
    window.addEventListener("keydown", (event) => this.intercept(event), capture);
    window.addEventListener("pointerover", (event) => this.light(event), capture);
    root.addEventListener("pointerdown", () => this.hurry(), capture);
    this.resized = new ResizeObserver(() => {
      const fits = [...this.figures.values()].map((figure) => figure.fit());
      if (!fits.every(Boolean)) this.redraw();
    });
    this.loop = this.loop.bind(this);
  }

  /** Close, if the page is without its stage: Streamlit says so between quick messages too. */
  leave() {
    if (this.root.isConnected) return;
    stages.delete(this.root);
    this.close();
  }

  close() {
    this.closed = true;
    clearTimeout(this.patience);
    clearTimeout(this.afterwards);
    this.questions.close();
    this.listeners.abort();
    this.resized.disconnect();
    this.figures.forEach((figure) => figure.close());
  }

  /** Take a message after those before it, then let go of the clicks that waited for it. */
  receive(message) {
    this.reportTheme(message);
    const taken = this.taken.then(() => this.take(message)).then(() => this.release());
    this.taken = taken.catch(() => {}); // the error is heard of, and the next message taken
    return taken;
  }

  /** The same message may come more than once. */
  async take(message) {
    if (this.closed || message.number === this.received) return;
    this.received = message.number;
    await loadPlotly(this.page.plotly);
    if (this.isLate(message)) return;
    for (const question of ["pause", "more"]) this.questions.answered(question);
    if (message.figures) await this.draw(message);
    if (this.isLate(message)) return;
    const { foreseen } = this;
    this.foreseen = null;
    clearTimeout(this.patience);
    this.ahead = message.ahead;
    if (message.figures) this.questions.answered("redraw");
    else if (message.picture !== this.picture) return this.redraw();
    else if (foreseen && message.frames.shift()?.foreseen !== foreseen) return this.redraw();
    this.playing = message.playing;
    this.more = message.more;
    this.pace = message.pace;
    this.queue.push(...message.frames);
    // At full speed more is wanted at once; at a pace, when half of it is gone.
    this.low = this.pace === 0 ? MOST_WAITING : Math.ceil(message.frames.length / 2);
    if (!this.playing) this.paint(this.queue.splice(0));
    if (!this.more) return;
    this.askIfLow(); // the server goes on while this is painted
    if (!this.looping) this.loop(performance.now());
  }

  /** Say whether a message was on its way when Pause was pressed. */
  isLate({ playing }) {
    return playing && this.questions.isOpen("pause");
  }

  /** Ask for whole figures. */
  redraw() {
    this.questions.ask("redraw", this.received);
  }

  /** Draw whole figures: the first frame's, or while playing those of the picture on show. */
  async draw({ figures, picture, frames, playing }) {
    this.queue = [];
    this.picture = picture;
    const painted = playing ? frames.filter(({ number }) => number <= this.shown).length : 0;
    const begun = frames.splice(0, Math.max(1, painted));
    this.makeRoom(figures);
    for (const [name, source] of Object.entries(figures)) {
      let figure = this.figures.get(name);
      if (!figure) {
        const element = this.root.querySelector(`[data-figure="${name}"]`);
        this.figures.set(name, (figure = new Figure(element, (id) => this.tell("select", id))));
        this.resized.observe(element);
      }
      await figure.draw(source, begun.map(({ changes }) => changes[name]));
    }
    begun.forEach((frame) => this.settle(frame));
  }

  /** Give each of these figures its place, and take away those that are not wanted any more. */
  makeRoom(figures) {
    this.root.querySelector(".stage").dataset.figures = Object.keys(figures).join(" ");
    for (const element of this.root.querySelectorAll("[data-figure]")) {
      const name = element.dataset.figure;
      element.hidden = !(name in figures);
      if (!element.hidden || !this.figures.has(name)) continue;
      this.resized.unobserve(element);
      this.figures.get(name).close();
      this.figures.delete(name);
    }
  }

  /** Paint the last of some frames; lines take in all of them. */
  paint(frames) {
    if (!frames.length) return;
    for (const [name, figure] of this.figures) {
      const fits = frames.every((frame) => figure.note(frame.changes[name]));
      if (!fits) return this.redraw();
    }
    const [first, ...others] = this.figures.values();
    this.root.querySelector(".stage").classList.toggle("gently", frames.at(-1).gently);
    first.paint();
    this.settle(frames.at(-1));
    clearTimeout(this.afterwards);
    this.afterwards = setTimeout(
      () => others.forEach((figure) => figure.paint()),
      this.playing ? 0 : AFTERWARDS,
    );
  }

  /** Bring to the screen at once whatever waits to be painted. */
  finish() {
    clearTimeout(this.afterwards);
    this.figures.forEach((figure) => figure.finish());
  }

  /** Write the texts of a frame into the page: each into the element that is keyed like it. */
  settle(frame) {
    this.shown = frame.number;
    for (const [key, text] of Object.entries(frame.texts)) {
      const element = document.querySelector(`.st-key-${key} [data-text]`);
      if (!element || element.textContent === text) continue;
      element.textContent = text;
      element.dataset.text = text;
    }
    for (const [name, text] of Object.entries(frame.descriptions)) {
      this.figures.get(name)?.element.setAttribute("aria-label", text);
    }
  }

  /** Paint what is due and ask for more, frame by frame of the browser, while there is more. */
  loop(now) {
    this.looping = this.more && !this.closed;
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
    if (this.queue.length > this.low) return;
    this.questions.ask("more", { received: this.received, shown: this.shown });
  }

  /** Let what is moving gently arrive at once. */
  hurry() {
    this.root.querySelector(".stage").classList.remove("gently");
  }

  /** Light up in the first figure what the thing under the pointer stands for. */
  light({ target }) {
    const id = target.closest?.("[data-lights]")?.dataset.lights;
    if (id === this.lit) return;
    this.lit = id;
    const [first] = this.figures.values();
    first?.light(id);
  }

  /** Let a click show at once what it leads to. */
  follow(event) {
    this.choose(event);
    this.anticipate(event);
  }

  /** Choose in the figures what the thing that was clicked stands for. */
  choose({ target }) {
    const id = target.closest?.("[data-lights]")?.dataset.lights;
    if (id) this.tell("select", id);
  }

  /** Paint at once what a click leads to, where the server has said so; its answer confirms it. */
  anticipate(event) {
    const button = event.target.closest?.("button:enabled");
    if (!button) return;
    if (this.foreseen) return this.hold(event, button);
    const key = Object.keys(this.ahead).find((one) => button.closest(`.st-key-${one}`));
    if (!key) return;
    this.foreseen = key;
    this.paint([this.ahead[key]]);
    this.ahead = {};
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.redraw(), PATIENCE); // the click may have been lost
  }

  /** Keep a click until the one before it is answered; the server might take them in any order. */
  hold(event, button) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.held.push(button);
  }

  /** Make the clicks that were held, up to one that is answered ahead itself. */
  release() {
    while (!this.foreseen && this.held.length) this.held.shift().click();
  }

  /** Pause at once, on the frame that is on show, and tell the server which one it is. */
  intercept(event) {
    const pausing = this.questions.isOpen("pause");
    const pressed = (this.playing || pausing) && this.presses(event, this.page.pause);
    if (pressed && pausing) return this.hold(event, pressed);
    if (!pressed) {
      if (event.type === "click" && !this.playing) this.follow(event);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.playing = this.more = false;
    this.queue = [];
    this.finish(); // from here on the picture stays as it is
    this.questions.ask("pause", this.shown);
  }

  /** Return the button that a click or key presses, if it is this one. */
  presses({ type, target, key: pressed }, { button, key }) {
    if (type === "click") return target.closest?.(`.st-key-${button} button`);
    if (pressed !== key || target.closest?.("input, textarea, [role=combobox]")) return null;
    return document.querySelector(`.st-key-${button} button`);
  }

  /** Let the server know whether the theme is dark, where it takes it for another one. */
  reportTheme({ dark }) {
    const { backgroundColor } = getComputedStyle(this.root.querySelector(".stage"));
    const [r, g, b] = backgroundColor.match(/[\d.]+/g).map(Number);
    const isDark = (r + g + b) / 3 < 128;
    this.questions.answered("dark");
    if (isDark !== dark) this.questions.ask("dark", isDark);
  }
}

let plotly;

/** Load plotly.js once for the page. */
function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(script);
  });
  return plotly;
}
