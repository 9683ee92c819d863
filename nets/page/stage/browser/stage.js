/**
 * The stage: figures that are drawn once and then changed, frame after frame.
 *
 * It knows Plotly, but nothing about neural networks. The server sends messages. Some contain whole
 * figures; all contain frames, and a frame changes the figures and some texts of the page.
 */

import { Address } from "./address.js";
import { Clicks } from "./clicks.js";
import { stepField } from "./fields.js";
import { Figures } from "./figures.js";
import { buttonOf } from "./keys.js";
import { Player } from "./player.js";
import { closeWithTaps } from "./legend.js";
import { loadPlotly } from "./plotly.js";
import { moveThroughPopover } from "./popovers.js";
import { Questions } from "./questions.js";
import { Shortcuts } from "./shortcuts.js";
import { Speaker } from "./speaker.js";
import { Texts } from "./texts.js";
import { Timeline } from "./timeline.js";

const stages = new WeakMap();

/**
 * Show a message. Streamlit calls this function with each new one.
 *
 * @param component what Streamlit passes to a component.
 * @param page the address of plotly.js, the key of the button that pauses, and the steps of fields:
 *   see `stepField`.
 */
export function show({ data: [message, address, lost], parentElement, setTriggerValue }, page) {
  let stage = stages.get(parentElement);
  if (!stage) stages.set(parentElement, (stage = new Stage(parentElement, page)));
  stage.tell = setTriggerValue;
  if (lost) stage.questions.ask("arrive", window.location.search);
  else stage.receive(message, address);
  return () => setTimeout(() => stage.leave());
}

class Stage {
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.received = 0; // number of the last message
    this.taken = Promise.resolve(); // fulfilled when all messages so far are taken
    this.picture = null; // number of the figures on show
    this.shown = null; // number of the frame on show
    this.failed = false; // whether the last message could not be taken
    const redraw = () => this.redraw();
    this.questions = new Questions((question, value) => this.tell(question, value));
    this.speaker = new Speaker(root);
    this.texts = new Texts();
    const say = (text) => this.speaker.say(text);
    const select = (id) => this.tell("select", id);
    const set = (value) => this.tell("set", value);
    this.figures = new Figures(root, select, set, say, redraw);
    this.address = new Address();
    this.timeline = new Timeline(root, (wish) => this.questions.ask("scrub", wish));
    this.clicks = new Clicks((frame) => this.paint([frame]), redraw);
    this.player = new Player((frames) => this.paint(frames), () => this.askForMore());
    this.listeners = new AbortController();
    const capture = { capture: true, signal: this.listeners.signal };
    window.addEventListener("click", (event) => this.intercept(event), capture);
    window.addEventListener("keydown", (event) => this.intercept(event), capture);
    window.addEventListener("keydown", (event) => stepField(event, page.steps), capture);
    window.addEventListener("keydown", moveThroughPopover, capture);
    this.shortcuts = new Shortcuts(root, this.listeners.signal);
    closeWithTaps(this.listeners.signal);
    window.addEventListener("pointerover", (event) => this.highlight(event), capture);
    root.addEventListener("click", (event) => this.ask(event), capture);
    root.addEventListener("pointerdown", () => this.animate(false), capture);
  }

  /** Close if the stage has left the page. Streamlit also calls this between quick messages. */
  leave() {
    if (this.root.isConnected) return;
    stages.delete(this.root);
    this.closed = true;
    this.player.stop();
    this.clicks.close();
    this.questions.close();
    this.address.close();
    this.listeners.abort();
    this.figures.close();
    this.shortcuts.close();
    this.speaker.close();
    this.texts.close();
  }

  /** Take a message after the earlier ones, then release the clicks that waited for it. */
  receive(message, address) {
    this.reportTheme(message);
    const taken = this.taken.then(() => this.take(message)).then(() => {
      if (!this.isLate(message)) this.address.take(address, this.state);
      this.questions.answered("scrub");
      this.showTime();
      this.timeline.answered();
      this.clicks.release();
      this.figures.dragger?.answered();
    });
    this.taken = taken.then(() => (this.failed = false), (error) => this.recover(error));
  }

  /** Report an error; then ask for whole figures, unless they would fail again. */
  recover(error) {
    reportError(error);
    if (!this.failed) this.redraw();
    this.failed = true;
  }

  /** Take a message. The same one may come more than once. */
  async take(message) {
    if (this.closed || message.number === this.received) return;
    this.received = message.number;
    await loadPlotly(this.page.plotly);
    if (this.closed || this.isLate(message)) return;
    for (const question of ["arrive", "pause", "more"]) this.questions.answered(question);
    this.last = message.last;
    if (message.figures) await this.draw(message);
    if (this.closed || this.isLate(message)) return;
    const unconfirmed = this.clicks.answered(message.ahead);
    if (message.figures) this.questions.answered("redraw");
    else if (message.picture !== this.picture) return this.redraw();
    else if (unconfirmed && message.frames.shift()?.foreseen !== unconfirmed) return this.redraw();
    this.player.take(message);
  }

  /** Whether it plays, and the epoch on show. */
  get state() {
    return { playing: this.player.playing, shown: this.shown };
  }

  /** Show in the slider which epoch is on show; while it plays, that is the last one. */
  showTime() {
    const { playing, shown } = this.state;
    this.timeline.show({ playing, shown, last: playing ? shown : this.last });
  }

  /** Return whether the server sent this message before it heard of Pause. */
  isLate({ playing }) {
    return playing && this.questions.isOpen("pause");
  }

  /** Ask the server for whole figures. */
  redraw() {
    this.questions.ask("redraw", this.received);
  }

  askForMore() {
    this.questions.ask("more", { received: this.received, shown: this.shown });
  }

  /** Draw whole figures as of the first frame, or while playing as of the frame on show. */
  async draw({ figures, picture, frames, playing }) {
    this.player.empty();
    this.picture = picture;
    const seen = playing ? frames.filter(({ number }) => number <= this.shown).length : 0;
    const first = frames.splice(0, Math.max(1, seen));
    await this.figures.draw(figures, first);
    first.forEach((frame) => this.writeTexts(frame));
  }

  /** Paint the last of some frames. Lines take the points of all of them. */
  paint(frames) {
    if (!frames.length) return;
    if (!this.figures.apply(frames)) return this.redraw();
    const last = frames.at(-1);
    this.animate(last.gently);
    this.figures.paint(this.player);
    this.writeTexts(last);
  }

  /** Say whether colours and widths change gradually or at once. */
  animate(gradually) {
    this.root.querySelector(".stage").classList.toggle("animated", gradually);
  }

  /** Say what a frame shows. */
  writeTexts(frame) {
    this.shown = frame.number;
    this.spoken = frame.spoken;
    this.speaker.sayAtRest(this.spoken, this.player);
    if (this.player.playing) this.address.follow(true, this.shown);
    this.showTime();
    this.figures.describe(frame.descriptions);
    this.texts.show(frame.texts);
  }

  /** Highlight in the diagram the weight or neuron that the number under the pointer belongs to. */
  highlight({ target }) {
    const id = target.closest?.("[data-lights]")?.dataset.lights;
    if (id !== this.highlighted) this.figures.highlight(id);
    this.highlighted = id;
  }

  /** Select the weight or neuron that a clicked number belongs to. */
  select({ target }) {
    const id = target.closest?.("[data-lights]")?.dataset.lights;
    if (id) this.tell("select", id);
  }

  /** Ask for another example, for the output's map, or for the panel that explains the badge. */
  ask({ target }) {
    const way = target.closest?.("[data-example]")?.dataset.example;
    if (way) this.tell("example", Number(way));
    if (target.closest?.("[data-back]")) this.tell("select", ""); // nothing
    if (target.closest?.(".st-key-badge")) this.tell("check", true);
  }

  /** Handle a click or a key before the page does. */
  intercept(event) {
    const { playing } = this.player;
    const pausing = this.questions.isOpen("pause");
    const pressed = (playing || pausing) && this.pressedPause(event);
    if (pressed && pausing) this.clicks.keep(event, pressed);
    else if (pressed) this.pause(event);
    else if (event.type === "keydown") buttonOf(event)?.click();
    else if (event.type === "click" && !playing) {
      this.select(event);
      this.clicks.handle(event);
    }
  }

  /** Return the button that pauses, if this click presses it. */
  pressedPause({ type, target }) {
    return type === "click" && target.closest?.(`.st-key-${this.page.pause} button`);
  }

  /** Pause at once, on the frame on show, and tell the server which one it is. */
  pause(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.player.stop();
    this.figures.paintNow(); // from now on the picture does not change
    this.speaker.sayAtRest(this.spoken, this.player);
    this.questions.ask("pause", this.shown);
  }

  /** Tell the server whether the theme is dark, if it assumes the other one. */
  reportTheme({ dark }) {
    const { backgroundColor } = getComputedStyle(this.root.querySelector(".stage"));
    const [r, g, b] = backgroundColor.match(/[\d.]+/g).map(Number);
    const isDark = (r + g + b) / 3 < 128;
    document.documentElement.style.colorScheme = isDark ? "dark" : "light"; // of popovers too
    this.questions.answered("dark");
    if (isDark !== dark) this.questions.ask("dark", isDark);
  }
}
