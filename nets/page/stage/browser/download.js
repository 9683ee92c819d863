/** The buttons that save pictures of the stage's figures. */

import { save, toCanvas, toFilm, toPng, toSvg } from "./export.js";
import { Figure } from "./figure.js";
import { loadPlotly } from "./plotly.js";

const DOUBLE = 2; // times as large as on the screen, for PNG
const FILM = { delay: 100, most: 5e6 }; // ms for a frame; bytes of the file
const SIZE = { width: 640, height: 440 }; // px of a figure that is drawn for a file only
const TYPES = { svg: "image/svg+xml", png: "image/png" };
const panels = new WeakMap();

/**
 * Show a message. Streamlit calls this function with each new one.
 *
 * @param component what Streamlit passes to a component. A message has `name`, of all files;
 *   `caption`; `look`, the colours of the page; `paper`, the diagram for a paper, in its colours;
 *   `film`, the frames of the training, if they were asked for.
 * @param plotly the address of plotly.js.
 */
export function show({ data: [message], parentElement: root, setTriggerValue }, plotly) {
  if (!panels.has(root)) panels.set(root, new Downloads(root, plotly));
  const panel = panels.get(root);
  panel.tell = setTriggerValue;
  panel.receive(message);
}

class Downloads {
  constructor(root, plotly) {
    this.root = root;
    this.plotly = plotly;
    root.addEventListener("click", ({ target }) => this.press(target.closest("[data-save]")));
    root.querySelector("[data-copy]").addEventListener("click", () => this.copyLink());
    // A page that opens with this panel draws its figures later.
    this.observer = new MutationObserver(() => this.enable());
    const hiding = { subtree: true, attributes: true, attributeFilter: ["hidden"] };
    this.observer.observe(document.body, hiding);
  }

  receive(message) {
    this.message = message;
    this.enable();
    const { film } = message;
    if (film && film.number !== this.filmed) this.saveFilm(film);
  }

  /** Enable the buttons whose figures are there. */
  enable() {
    if (!this.root.isConnected) this.observer.disconnect();
    for (const button of this.root.querySelectorAll("[data-save]"))
      button.disabled = !this.isThere(button.dataset.figure);
  }

  /**
   * Copy the address, which is the run; show it where the browser does not allow that. Without the
   * word under which the server has this visitor's own data, which are not for others.
   */
  async copyLink() {
    const told = this.root.querySelector("[data-copy] + output");
    const link = location.href.replace(/&own=[^&#]*/, "");
    try {
      await navigator.clipboard.writeText(link);
      told.textContent = "Copied.";
    } catch {
      told.textContent = link;
    }
  }

  /** Return whether a figure is on the screen, or comes with the message. */
  isThere(name) {
    return !["loss_chart", "map", "diagram"].includes(name) || Boolean(this.onScreen(name));
  }

  onScreen(name) {
    return document.querySelector(`.stage [data-figure="${name}"]:not([hidden])`);
  }

  async press(button) {
    if (!button || button.disabled) return;
    const { figure, save: type } = button.dataset;
    if (figure === "film") return this.film(button);
    const { name, caption, look, paper } = this.message;
    const svg =
      figure === "paper"
        ? await this.drawn(paper.figure, paper.changes, (element) =>
            toSvg(element, { caption: "", ...paper.look }),
          )
        : toSvg(this.onScreen(figure), { caption, ...look });
    const content = type === "svg" ? svg.text : await toPng(await toCanvas(svg, DOUBLE));
    save(content, TYPES[type], `${name}-${figure.replace("_", "-")}.${type}`);
  }

  /** Draw a figure out of sight, and do something with it. */
  async drawn(source, changes, act) {
    await loadPlotly(this.plotly);
    const element = document.createElement("div");
    const size = { width: `${SIZE.width}px`, height: `${SIZE.height}px` };
    Object.assign(element.style, { position: "fixed", left: "-9999px", top: 0, ...size });
    document.body.append(element);
    const figure = new Figure(element, () => {});
    try {
      await figure.draw(source, [changes]);
      return await act(element, figure);
    } finally {
      figure.close();
      element.remove();
    }
  }

  /** Ask for the frames of the film, or stop making it. */
  film(button) {
    this.button = button;
    if (this.filming) this.filming = false;
    else this.tell("film", true);
  }

  async saveFilm({ number, figure, frames }) {
    this.filmed = number;
    this.filming = true;
    const button = this.root.querySelector("[data-figure=film]");
    const label = button.textContent;
    const goOn = (share) => {
      button.textContent = `${Math.round(100 * share)} % – stop`;
      return this.filming;
    };
    const film = await this.drawn(figure, frames[0].changes, (_, drawn) =>
      toFilm(drawn, frames, this.message.look, FILM, goOn),
    );
    if (film) save(film, TYPES.png, `${this.message.name}-training.png`);
    this.filming = false;
    button.textContent = label;
  }
}
