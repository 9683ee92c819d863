/** Columns that are written in place: straight into the SVG that Plotly has drawn of a trace. */

import { get } from "./paths.js";

/** The marks that a column belongs to, and what is written into each. */
const MARKS = {
  "marker.color": [".points path", (mark, value) => (mark.style.fill = value)],
  "marker.line.color": [".points path", (mark, value) => (mark.style.stroke = value)],
  "marker.line.width": [".points path", (mark, value) => (mark.style.strokeWidth = `${value}px`)],
  text: [".text text", (mark, value) => (mark.textContent = value)],
  "textfont.color": [".text text", (mark, value) => (mark.style.fill = value)],
};
/** The texts of the colour bar, which stand apart from its trace. */
const BAR = {
  "marker.colorbar.title.text": ".cbtitle text",
  "marker.colorbar.ticktext": ".cbaxis text",
};
const UNSEEN = "customdata"; // hover boxes read it from the figure when they open

/** Say whether a column can be written in place. */
export function isWritable(path) {
  return path === "y" || path === UNSEEN || path in MARKS || path in BAR;
}

/** Write a column of every trace that has it into the figure's element. */
export function write(element, data, path) {
  if (path === "y") writeHeights(element, data);
  else if (path in BAR) writeBar(element, data, path);
  else if (path in MARKS) writeMarks(element, data, path);
}

/** Return the traces that are drawn, each with its data. */
export function drawnTraces(element, data) {
  const drawn = [...element.querySelectorAll(".scatterlayer .trace")];
  return drawn.map((group) => [group, data[group.__data__[0].trace.index]]);
}

function writeMarks(element, data, path) {
  const [selector, write] = MARKS[path];
  for (const [drawn, trace] of drawnTraces(element, data)) {
    const column = get(trace, path);
    const marks = drawn.querySelectorAll(selector);
    if (Array.isArray(column) && marks.length === column.length)
      column.forEach((value, at) => write(marks[at], value));
  }
}

/** Bend lines and move points to their heights; the axes stay as they are. */
function writeHeights(element, data) {
  const { xaxis, yaxis } = element._fullLayout;
  for (const [drawn, { x, y }] of drawnTraces(element, data)) {
    const places = y.map((value, i) => [xaxis.c2p(x[i]), yaxis.c2p(value)]);
    const [line, marks] = [drawn.querySelector(".js-line"), drawn.querySelectorAll(".points path")];
    line?.setAttribute("d", `M${places.map((place) => place.join()).join("L")}`);
    if (marks.length !== y.length) continue;
    places.forEach((place, i) => marks[i].setAttribute("transform", `translate(${place.join()})`));
  }
}

function writeBar(element, data, path) {
  const column = data.map((trace) => get(trace, path)).find((value) => value !== undefined);
  const texts = element.querySelectorAll(BAR[path]);
  [column].flat().forEach((text, at) => texts[at] && (texts[at].textContent = text));
}

/** Write the looks of lines, which are shapes of the layout: colour, width and dashes. */
export function writeLines(lines, shapes) {
  shapes.forEach(({ line }, i) => {
    const { style } = lines[i];
    style.stroke = line.color;
    style.strokeWidth = `${line.width}px`;
    style.strokeDasharray = line.dash === "solid" ? "" : line.dash;
  });
}
