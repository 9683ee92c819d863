/** Loading plotly.js, once for the page. */

let plotly = null;

/** @returns {Promise<void>} fulfilled as soon as there is `Plotly`. */
export function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(script);
  });
  return plotly;
}
