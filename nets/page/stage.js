/**
 * The stage: figures that are drawn once and then only changed, one frame after another.
 *
 * It knows Plotly and nothing of neural networks. The server sends messages: whole figures now and
 * then, and frames, each a set of changes to the figures and to texts on the page. While playing,
 * the frames are painted at the wanted pace and more are asked for before they run out.
 */

const DESIGN = { width: 330, height: 380 }; // px; the smallest figure that is drawn in its own sizes
const PIXELS = new Set("size width thickness standoff xshift l r t b".split(" "));
const PLOTLY = { displayModeBar: false, responsive: false, doubleClick: "reset" };
const CHART_INTERVAL = 90; // ms; a line that grows need not grow at every frame
const PATIENCE = 3000; // ms without an answer, after which a question is asked again
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
    this.playing = false;
    this.more = false; // whether the server has more to show when asked
    this.due = 0; // when the next frame may be painted
    this.asked = 0; // when the server was last asked for more
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    window.addEventListener("click", (event) => this.intercept(event), { capture: true, signal });
    window.addEventListener("keydown", (event) => this.intercept(event), { capture: true, signal });
    this.resized = new ResizeObserver(() => {
      const fits = [...this.figures.values()].map((figure) => figure.fit());
      if (!fits.every(Boolean)) this.tell("redraw", this.received);
    });
    this.loop = this.loop.bind(this);
    requestAnimationFrame(this.loop);
  }

  close() {
    this.closed = true;
    this.listeners.abort();
    this.resized.disconnect();
    this.figures.forEach((figure) => figure.close());
  }

  /** Take a message from the server; the same message may come more than once. */
  async receive(message) {
    this.reportTheme(message);
    if (message.number === this.received) return;
    this.received = message.number;
    await loadPlotly(this.page.plotly);
    if (message.figures) await this.draw(message);
    else if (message.picture !== this.picture) return this.tell("redraw", message.number);
    this.playing = message.playing;
    this.more = message.more;
    this.pace = message.pace;
    this.asked = 0;
    this.queue.push(...message.frames);
    this.low = Math.ceil(message.frames.length / 2);
    if (!this.playing) await this.paint(this.queue.splice(0));
  }

  async draw({ figures, picture, frames }) {
    this.queue = [];
    this.picture = picture;
    const first = frames.shift();
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

  /** Paint the last of some frames; the lines of charts take in all of them. */
  async paint(frames) {
    if (!frames.length) return;
    const last = frames.at(-1);
    for (const [name, figure] of this.figures) {
      for (const frame of frames) {
        const fits = figure.note(frame.changes[name]);
        if (!fits) return this.tell("redraw", this.received);
      }
      await figure.paint(!this.playing || !this.queue.length);
    }
    this.settle(last);
  }

  /** Write the texts of a frame into the page: each into the element that is keyed like it. */
  settle(frame) {
    this.shown = frame.number;
    for (const [key, text] of Object.entries(frame.texts)) {
      const element = document.querySelector(`.st-key-${key} [data-text]`);
      if (element && element.textContent !== text) element.textContent = text;
    }
    for (const [name, text] of Object.entries(frame.descriptions ?? {})) {
      this.figures.get(name)?.element.setAttribute("aria-label", text);
    }
  }

  async loop(now) {
    if (this.closed) return;
    if (this.playing) {
      if (this.queue.length && now >= this.due) {
        // At full speed pictures are skipped when the browser falls behind; no epoch is.
        const count = this.pace === 0 && this.queue.length > 24 ? this.queue.length - 24 : 1;
        this.due = Math.max(this.due + this.pace, now);
        await this.paint(this.queue.splice(0, count)).catch(console.error);
      }
    }
    if (this.more && this.queue.length <= this.low) this.askForMore(now);
    requestAnimationFrame(this.loop);
  }

  askForMore(now) {
    if (this.asked && now - this.asked < PATIENCE) return;
    this.asked = now;
    this.tell("more", { received: this.received, shown: this.shown });
  }

  /** Pause at once, on the frame that is on show, and tell the server which one it is. */
  intercept(event) {
    if (!this.playing) return;
    const { button, key } = this.page.pause;
    const pressed =
      event.type === "click"
        ? event.target.closest?.(`.st-key-${button} button`)
        : event.key === key && !event.target.closest?.("input, textarea, [role=combobox]");
    if (!pressed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.playing = this.more = false;
    this.queue = [];
    this.tell("pause", this.shown);
  }

  reportTheme({ dark }) {
    const [r, g, b] = channels(getComputedStyle(this.root.querySelector(".stage")).backgroundColor);
    const isDark = (r + g + b) / 3 < 128;
    if (isDark !== dark && this.reported !== isDark) this.tell("dark", isDark);
    this.reported = isDark;
  }
}

/** One Plotly figure, and the changes to it that are noted but not painted yet. */
class Figure {
  constructor(element, onSelect) {
    this.element = element;
    this.onSelect = onSelect;
    this.painted = 0;
  }

  close() {
    if (this.data) Plotly.purge(this.element);
  }

  /** Draw a figure, with a change already made to it. */
  async draw({ data, layout, segments, bins }, change) {
    this.unit = this.unitOf();
    this.data = inUnits(data, this.unit);
    this.layout = inUnits(layout, this.unit);
    this.segments = segments;
    this.bins = bins;
    this.pending = new Set();
    this.note(change);
    this.pending.clear();
    this.element.setAttribute("role", "img");
    await Plotly.react(this.element, this.data, { ...this.layout, ...this.size() }, PLOTLY);
    this.element.removeAllListeners("plotly_click");
    this.element.on("plotly_click", ({ points }) => points[0]?.id && this.onSelect(points[0].id));
  }

  size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** How many pixels one pixel of the figure's design is here: more on a projector. */
  unitOf() {
    const { width, height } = this.size();
    return Math.min(2, Math.max(0.8, Math.min(height / DESIGN.height, width / DESIGN.width)));
  }

  /** Follow the element's size; say whether the figure is still drawn in fitting units. */
  fit() {
    const { width, height } = this.size();
    if (!this.data || !width || !height) return true;
    Plotly.relayout(this.element, { width, height });
    return Math.abs(this.unitOf() / this.unit - 1) < 0.1;
  }

  /** Make a change to the figure without painting it; say whether it follows on what is there. */
  note(change) {
    if (!change) return true;
    const { traces = {}, shapes, codes, extend } = change;
    for (const [name, columns] of Object.entries(traces)) {
      const index = this.data.findIndex((trace) => trace.name === name);
      for (const [path, column] of Object.entries(columns)) {
        put(this.data[index], path, inUnits(column, this.unit, path));
        this.pending.add(path);
      }
    }
    if (shapes) {
      const columns = Object.entries(shapes);
      this.layout.shapes = this.layout.shapes.map((shape, i) => {
        const changed = { ...shape, line: { ...shape.line } };
        for (const [path, column] of columns) if (i < column.length) put(changed, path, inUnits(column[i], this.unit, path));
        return changed;
      });
      this.pending.add("shapes");
    }
    if (codes) {
      this.layout.shapes = this.binned(codes);
      this.pending.add("shapes");
    }
    if (extend) {
      const { x, y } = this.data[0];
      if (x.at(-1) !== extend.after) return false;
      x.push(...extend.x);
      y.push(...extend.y);
      this.pending.add("x").add("y");
    }
    return true;
  }

  /** Join the segments that share a letter into one path; "." is not drawn. */
  binned(codes) {
    const paths = this.layout.shapes.map(() => []);
    for (let i = 0; i < codes.length; i++) {
      paths[codes.charCodeAt(i) - 65]?.push(this.segments[i]);
    }
    return this.layout.shapes.map((shape, bin) =>
      bin < this.bins ? { ...shape, path: paths[bin].join("") || "M0 0" } : shape,
    );
  }

  /** Bring what was noted to the screen, in place. */
  async paint(atOnce) {
    const { pending, element, data, layout } = this;
    if (!pending.size) return;
    const now = performance.now();
    if (pending.has("x") && !atOnce && now - this.painted < CHART_INTERVAL) return;
    this.painted = now;
    const moved = pending.delete("shapes") ? { shapes: layout.shapes } : {};
    // What only hover boxes show is in the figure already: they read it when they open.
    pending.delete("customdata");
    const restyled = {};
    for (const path of pending) restyled[path] = data.map((trace) => get(trace, path));
    pending.clear();
    await Plotly.update(element, restyled, moved, data.map((_, i) => i));
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

/** Turn a figure's sizes, which are those of its design, into pixels here. */
function inUnits(value, unit, path = "") {
  if (typeof value === "number") return PIXELS.has(path.split(".").at(-1)) ? value * unit : value;
  if (Array.isArray(value)) return value.map((part) => inUnits(part, unit, path));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([k, part]) => [k, inUnits(part, unit, k)]));
}

function get(object, path) {
  return path.split(".").reduce((part, key) => part?.[key], object);
}

function put(object, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  for (const key of keys) object = object[key] ??= {};
  object[last] = value;
}

function channels(colour) {
  return colour.match(/[\d.]+/g).map(Number);
}
