/**
 * The stage: figures that are drawn once and then only changed, one frame after another.
 *
 * It knows Plotly and nothing of neural networks. The server sends messages: whole figures now and
 * then, and frames, each a set of changes to the figures and to texts on the page. While playing,
 * the frames are painted at the wanted pace and more are asked for before they run out.
 */

import { Clicks } from "./clicks.js";
import { Figures } from "./figures.js";
import { loadPlotly } from "./loading.js";
import { Player } from "./player.js";
import { Questions } from "./questions.js";

const stages = new WeakMap();

/**
 * Show a message: the function that Streamlit calls with every new one.
 *
 * @param component what Streamlit hands to a component.
 * @param page the address of plotly.js, and the button and key that pause.
 */
export function show({ data: [message], parentElement, setTriggerValue }, page) {
  let stage = stages.get(parentElement);
  if (!stage) stages.set(parentElement, (stage = new Stage(parentElement, page)));
  stage.tell = setTriggerValue;
  stage.receive(message);
  return () => setTimeout(() => stage.leave());
}

class Stage {
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.received = 0; // number of the last message
    this.taken = Promise.resolve(); // once all messages so far are taken
    this.picture = null; // number of the figures on show
    this.shown = null; // number of the last frame on show
    const redraw = () => this.redraw();
    this.questions = new Questions((question, value) => this.tell(question, value));
    this.figures = new Figures(root, (id) => this.tell("select", id), redraw);
    this.clicks = new Clicks((frame) => this.paint([frame]), redraw);
    this.player = new Player((frames) => this.paint(frames), () => this.askForMore());
    this.listeners = new AbortController();
    const capture = { capture: true, signal: this.listeners.signal };
    window.addEventListener("click", (event) => this.intercept(event), capture);
    window.addEventListener("keydown", (event) => this.intercept(event), capture);
    window.addEventListener("pointerover", (event) => this.light(event), capture);
    root.addEventListener("pointerdown", () => this.gently(false), capture);
  }

  /** Close, if the page is without its stage: Streamlit says so between quick messages too. */
  leave() {
    if (this.root.isConnected) return;
    stages.delete(this.root);
    this.closed = true;
    this.player.stop();
    this.clicks.close();
    this.questions.close();
    this.listeners.abort();
    this.figures.close();
  }

  /** Take a message after those before it, then let go of the clicks that waited for it. */
  receive(message) {
    this.reportTheme(message);
    const taken = this.taken.then(() => this.take(message)).then(() => this.clicks.release());
    this.taken = taken.catch(() => {}); // the error is heard of, and the next message taken
    return taken;
  }

  /** The same message may come more than once. */
  async take(message) {
    if (this.closed || message.number === this.received) return;
    this.received = message.number;
    await loadPlotly(this.page.plotly);
    if (this.closed || this.isLate(message)) return;
    for (const question of ["pause", "more"]) this.questions.answered(question);
    if (message.figures) await this.draw(message);
    if (this.closed || this.isLate(message)) return;
    const foreseen = this.clicks.answered(message.ahead);
    if (message.figures) this.questions.answered("redraw");
    else if (message.picture !== this.picture) return this.redraw();
    else if (foreseen && message.frames.shift()?.foreseen !== foreseen) return this.redraw();
    this.player.take(message);
  }

  /** Say whether a message was on its way when Pause was pressed. */
  isLate({ playing }) {
    return playing && this.questions.isOpen("pause");
  }

  /** Ask for whole figures. */
  redraw() {
    this.questions.ask("redraw", this.received);
  }

  askForMore() {
    this.questions.ask("more", { received: this.received, shown: this.shown });
  }

  /** Draw whole figures: the first frame's, or while playing those of the picture on show. */
  async draw({ figures, picture, frames, playing }) {
    this.player.empty();
    this.picture = picture;
    const painted = playing ? frames.filter(({ number }) => number <= this.shown).length : 0;
    const begun = frames.splice(0, Math.max(1, painted));
    await this.figures.draw(figures, begun);
    begun.forEach((frame) => this.settle(frame));
  }

  /** Paint the last of some frames; lines take in all of them. */
  paint(frames) {
    if (!frames.length) return;
    if (!this.figures.note(frames)) return this.redraw();
    const last = frames.at(-1);
    this.gently(last.gently);
    this.figures.paint(this.player);
    this.settle(last);
  }

  /** Let what changes move to its new look, or be there at once. */
  gently(wanted) {
    this.root.querySelector(".stage").classList.toggle("gently", wanted);
  }

  /** Write the texts of a frame into the page: each into the element that is keyed like it. */
  settle(frame) {
    this.shown = frame.number;
    this.figures.describe(frame.descriptions);
    for (const [key, text] of Object.entries(frame.texts)) {
      const element = document.querySelector(`.st-key-${key} [data-text]`);
      if (!element || element.textContent === text) continue;
      element.textContent = text;
      element.dataset.text = text;
    }
  }

  /** Light up in the first figure what the thing under the pointer stands for. */
  light({ target }) {
    const id = target.closest?.("[data-lights]")?.dataset.lights;
    if (id !== this.lit) this.figures.light(id);
    this.lit = id;
  }

  /** Choose in the figures what the thing that was clicked stands for. */
  choose({ target }) {
    const id = target.closest?.("[data-lights]")?.dataset.lights;
    if (id) this.tell("select", id);
  }

  /** Take a click or a key before the page has it. */
  intercept(event) {
    const { playing } = this.player;
    const pausing = this.questions.isOpen("pause");
    const pressed = (playing || pausing) && this.pressedPause(event);
    if (pressed && pausing) this.clicks.hold(event, pressed);
    else if (pressed) this.pause(event);
    else if (event.type === "click" && !playing) {
      this.choose(event);
      this.clicks.anticipate(event);
    }
  }

  /** Return the button that pauses, if this click or key presses it. */
  pressedPause({ type, target, key: pressed }) {
    const { button, key } = this.page.pause;
    if (type === "click") return target.closest?.(`.st-key-${button} button`);
    if (pressed !== key || target.closest?.("input, textarea, [role=combobox]")) return null;
    return document.querySelector(`.st-key-${button} button`);
  }

  /** Pause at once, on the frame that is on show, and tell the server which one it is. */
  pause(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.player.stop();
    this.figures.finish(); // from here on the picture stays as it is
    this.questions.ask("pause", this.shown);
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
