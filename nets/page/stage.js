/**
 * The stage: figures that are drawn once and then only changed, one frame after another.
 *
 * It knows Plotly and nothing of neural networks. The server sends messages: whole figures now and
 * then, and frames, each a set of changes to the figures and to texts on the page. While playing,
 * the frames are painted at the wanted pace and more are asked for before they run out.
 */

import { Figure } from "./figure.js";

const PATIENCE = 3000; // ms without an answer, after which a question is asked again
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
  return () => {
    stages.delete(parentElement);
    stage.close();
  };
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
    this.pausing = false; // until the server has heard of it
    this.more = false; // whether the server has more to show when asked
    this.due = 0; // when the next frame may be painted
    this.asked = 0; // when the server was last asked for more
    this.listeners = new AbortController();
    const capture = { capture: true, signal: this.listeners.signal };
    window.addEventListener("click", (event) => this.intercept(event), capture);
    window.addEventListener("keydown", (event) => this.intercept(event), capture);
    window.addEventListener("pointerover", (event) => this.light(event), capture);
    root.addEventListener("pointerdown", () => this.hurry(), capture);
    this.resized = new ResizeObserver(() => {
      const fits = [...this.figures.values()].map((figure) => figure.fit());
      if (!fits.every(Boolean)) this.tell("redraw", this.received);
    });
    this.loop = this.loop.bind(this);
  }

  close() {
    this.closed = true;
    clearTimeout(this.patience);
    this.listeners.abort();
    this.resized.disconnect();
    this.figures.forEach((figure) => figure.close());
  }

  /** Take a message from the server, then let go of the clicks that waited for it. */
  async receive(message) {
    await this.take(message);
    this.release();
  }

  /** The same message may come more than once. */
  async take(message) {
    this.reportTheme(message);
    if (message.number === this.received) return;
    this.received = message.number;
    await loadPlotly(this.page.plotly);
    if (this.pausing && message.playing) return; // it was on its way when Pause was pressed
    this.pausing = false;
    const { foreseen } = this;
    this.foreseen = null;
    this.ahead = message.ahead;
    if (message.figures) await this.draw(message);
    else if (message.picture !== this.picture) return this.tell("redraw", message.number);
    else if (foreseen && message.frames.shift()?.foreseen !== foreseen)
      return this.tell("redraw", message.number);
    this.playing = message.playing;
    this.more = message.more;
    this.pace = message.pace;
    this.asked = 0;
    this.queue.push(...message.frames);
    // At full speed more is wanted at once; at a pace, when half of it is gone.
    this.low = this.pace === 0 ? MOST_WAITING : Math.ceil(message.frames.length / 2);
    if (!this.playing) this.paint(this.queue.splice(0));
    if (!this.more) return;
    this.askIfLow(performance.now()); // the server goes on while this is painted
    if (!this.looping) this.loop(performance.now());
  }

  async draw({ figures, picture, frames }) {
    this.queue = [];
    this.picture = picture;
    const first = frames.shift();
    this.makeRoom(figures);
    for (const [name, source] of Object.entries(figures)) {
      let figure = this.figures.get(name);
      if (!figure) {
        const element = this.root.querySelector(`[data-figure="${name}"]`);
        this.figures.set(name, (figure = new Figure(element, (id) => this.tell("select", id))));
        this.resized.observe(element);
      }
      await figure.draw(source, first.changes[name]);
    }
    this.settle(first);
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
      if (!fits) return this.tell("redraw", this.received);
    }
    const [first, ...others] = this.figures.values();
    this.root.querySelector(".stage").classList.toggle("gently", frames.at(-1).gently);
    first.paint();
    this.settle(frames.at(-1));
    setTimeout(() => others.forEach((figure) => figure.paint()), this.playing ? 0 : AFTERWARDS);
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
    this.askIfLow(now);
    requestAnimationFrame(this.loop);
  }

  askIfLow(now) {
    if (this.queue.length > this.low || (this.asked && now - this.asked < PATIENCE)) return;
    this.asked = now;
    this.tell("more", { received: this.received, shown: this.shown });
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
    this.patience = setTimeout(() => {
      this.foreseen = null;
      this.release();
    }, PATIENCE);
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
    if (!this.playing) {
      if (event.type === "click") this.follow(event);
      return;
    }
    const { button, key } = this.page.pause;
    const pressed =
      event.type === "click"
        ? event.target.closest?.(`.st-key-${button} button`)
        : event.key === key && !event.target.closest?.("input, textarea, [role=combobox]");
    if (!pressed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.playing = this.more = false;
    this.pausing = true;
    this.queue = [];
    this.tell("pause", this.shown);
  }

  reportTheme({ dark }) {
    const { backgroundColor } = getComputedStyle(this.root.querySelector(".stage"));
    const [r, g, b] = backgroundColor.match(/[\d.]+/g).map(Number);
    const isDark = (r + g + b) / 3 < 128;
    if (isDark !== dark && this.reported !== isDark) this.tell("dark", isDark);
    this.reported = isDark;
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
