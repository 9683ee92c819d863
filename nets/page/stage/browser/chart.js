/** A chart in a panel: one figure, drawn again with each message. A click tells the id of a point. */

import { Figure } from "./figure.js";
import { loadPlotly } from "./plotly.js";

const charts = new WeakMap();

/**
 * Draw the figure of a message. Streamlit calls this function with each new one.
 *
 * @param component what Streamlit passes to a component.
 * @param plotly the address of plotly.js.
 */
export function show({ data: [figure], parentElement: root, setTriggerValue }, plotly) {
  if (!charts.has(root)) charts.set(root, new Chart(root));
  const chart = charts.get(root);
  chart.tell = (id) => setTriggerValue("pick", id);
  chart.draw(figure, plotly);
  return () => setTimeout(() => root.isConnected || chart.close());
}

class Chart {
  constructor(root) {
    this.root = root;
    const element = root.querySelector("[data-figure]");
    this.figure = new Figure(element, (id) => this.tell(id));
    this.resizes = new ResizeObserver(() => this.figure.fit() || this.drawAgain());
    this.resizes.observe(element);
  }

  async draw(source, plotly) {
    const text = JSON.stringify(source);
    if (text === this.source) return; // the same message may come again
    this.source = text;
    await loadPlotly(plotly);
    await this.drawAgain();
  }

  async drawAgain() {
    if (this.root.isConnected) await this.figure.draw(JSON.parse(this.source), []);
  }

  close() {
    charts.delete(this.root);
    this.resizes.disconnect();
    this.figure.close();
  }
}
