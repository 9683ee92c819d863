/** Dragging: a weight or a bias follows the pointer up and down, and the server sends the picture. */

const STEP = 0.01; // added to the value for each pixel
const MOVED = 4; // pixels, from which on it is not a click
const PATIENCE = 1000; // ms without an answer, after which the next value is sent
const NAME = /^[wb]\d/; // of a weight or a bias

const DIGITS = { p: "⁰¹²³⁴⁵⁶⁷⁸⁹", b: "₀₁₂₃₄₅₆₇₈₉" };

/** Write <sup> and <sub> as letters. */
function inPlain(symbol) {
  const digits = (_, kind, text) => text.replace(/\d/g, (digit) => DIGITS[kind][digit]);
  return symbol.replace(/<su([pb])>(.*?)<\/su[pb]>/g, digits);
}

export class Dragger {
  /**
   * @param figure the diagram.
   * @param select selects the part with an id, as a click does.
   * @param set sends {name, value, joined}: a value, and whether it belongs to the one before.
   */
  constructor(figure, select, set) {
    Object.assign(this, { figure, select, set });
    const begin = (event) => this.begin(event);
    figure.element.addEventListener("mousedown", begin, { capture: true });
  }

  /** Take hold of the weight or bias under the pointer, before Plotly moves the picture. */
  begin(event) {
    const point = this.figure.label.about?.[0];
    if (event.button || !NAME.test(point?.id ?? "")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { text, customdata } = this.figure.data[point.curveNumber];
    this.name = point.id;
    this.symbol = inPlain(text[point.pointNumber].split(", ")[0]);
    this.first = Number(customdata[point.pointNumber][0].replace("−", "-"));
    this.from = event.clientY;
    this.sent = this.wanted = null;
    this.figure.label.close();
    this.listeners = new AbortController();
    const options = { capture: true, signal: this.listeners.signal };
    window.addEventListener("mousemove", (one) => this.move(one), options);
    window.addEventListener("mouseup", () => this.end(), options);
  }

  move(event) {
    event.stopImmediatePropagation();
    const up = this.from - event.clientY;
    if (this.wanted === null && Math.abs(up) < MOVED) return;
    this.wanted = Math.round((this.first + up * STEP) / STEP) * STEP;
    this.wanted = Number(this.wanted.toFixed(2));
    this.say(event);
    if (!this.waits) this.send();
  }

  /** Write the value next to the pointer. */
  say({ clientX, clientY }) {
    this.sign ??= document.body.appendChild(document.createElement("output"));
    this.sign.className = "dragged";
    this.sign.textContent = `${this.symbol} = ${String(this.wanted).replace("-", "−")}`;
    this.sign.style.left = `${clientX + 14}px`;
    this.sign.style.top = `${clientY - 12}px`;
  }

  send() {
    this.waits = true;
    this.set({ name: this.name, value: this.wanted, joined: this.sent !== null });
    this.sent = this.wanted;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.answered(), PATIENCE);
  }

  /** The server has answered: send the latest value, if it is another one. */
  answered() {
    clearTimeout(this.timer);
    this.waits = false;
    if (this.wanted !== null && this.wanted !== this.sent) this.send();
  }

  end() {
    this.listeners.abort();
    this.sign?.remove();
    this.sign = null;
    if (this.wanted === null) this.select(this.name);
  }

  close() {
    this.listeners?.abort();
    this.sign?.remove();
    clearTimeout(this.timer);
    this.wanted = null;
  }
}
