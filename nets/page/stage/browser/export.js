/** Pictures of figures as files: SVG, PNG and animated PNG, as they are on the screen. */

import { animate } from "./apng.js";
import { drawnLayers } from "./plotly.js";

const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink";
const TEXT = 13; // px; size of the caption
const LINE = 18; // px; height of a line of the caption
const EDGE = 8; // px around the caption
const FONT = "Source Sans"; // of the page; an image file cannot use it unless it has it inside

/**
 * Copy a drawn figure into one SVG.
 *
 * @param element that holds the figure.
 * @param look `caption`, a sentence below the figure; `ink`, its colour; `paper`, the background,
 *   or "" for none.
 * @returns {{text: string, width: number, height: number}}
 */
export function toSvg(element, { caption, ink, paper }) {
  const { clientWidth: width, clientHeight: plot } = element;
  const lines = wrap(caption, width - 2 * EDGE);
  const height = plot + (lines.length ? lines.length * LINE + 2 * EDGE : 0);
  const picture = make("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  picture.setAttribute("xmlns:xlink", XLINK);
  if (paper) picture.append(make("rect", { width, height, fill: paper }));
  for (const layer of drawnLayers(element)) picture.append(layer);
  lines.forEach((line, i) => {
    const y = plot + EDGE + (i + 0.75) * LINE;
    const font = { "font-family": `${FONT}, sans-serif`, "font-size": TEXT, fill: ink };
    const text = make("text", { x: EDGE, y, ...font });
    text.textContent = line;
    picture.append(text);
  });
  return { text: new XMLSerializer().serializeToString(picture), width, height };
}

/** Draw an SVG on a canvas, `scale` times as large, in the font of the page. */
export async function toCanvas({ text, width, height }, scale) {
  const image = new Image();
  const style = `<style>${await fontRule()}</style>`;
  const withFont = text.replace(/^<svg[^>]*>/, (begin) => begin + style);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(withFont)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Return the bytes of a canvas as PNG. */
export async function toPng(canvas) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * Make an animated PNG of a figure.
 *
 * @param figure a Figure that is drawn.
 * @param frames with the `changes` of the figure and the `caption` of each.
 * @param look as for `toSvg`.
 * @param delay ms for which a frame is shown; `most`: bytes that the file may have.
 * @param goOn is called after each frame with the share that is done; returns false to stop.
 * @returns the bytes, or null if it was stopped.
 */
export async function toFilm(figure, frames, look, { delay, most }, goOn) {
  const images = [];
  for (const [i, { changes, caption }] of frames.entries()) {
    figure.apply(changes);
    figure.paintNow();
    images.push(await toPng(await toCanvas(toSvg(figure.element, { ...look, caption }), 1)));
    if (!goOn((i + 1) / frames.length)) return null;
  }
  const size = images.reduce((sum, image) => sum + image.length, 0);
  const step = Math.ceil(size / most); // leave out frames evenly, and keep the last one
  const kept = images.filter((_, i) => (images.length - 1 - i) % step === 0);
  return animate(kept, delay * step);
}

/** Offer bytes or text to the person as a file. */
export function save(content, type, name) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Break a sentence into lines of at most this number of px, also in a font that is wide. */
function wrap(sentence, most) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${TEXT}px sans-serif`;
  const lines = [];
  for (const word of sentence.split(" ").filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (context.measureText(longer).width <= most) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}

let rule = null;

/** Return the CSS rule of the page's font with the font inside, or "" if the page has no such. */
function fontRule() {
  rule ??= readFont().catch(() => "");
  return rule;
}

async function readFont() {
  const rules = [...document.styleSheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules].map((found) => ({ found, base: sheet.href ?? document.baseURI }));
    } catch {
      return []; // the sheet of another server
    }
  });
  const isUpright = ({ style }) => style.fontStyle !== "italic";
  const { found, base } = rules.find(
    ({ found }) =>
      found instanceof CSSFontFaceRule &&
      found.style.fontFamily.replaceAll('"', "") === FONT &&
      isUpright(found),
  );
  const [, path] = found.style.src.match(/url\("?([^")]+)"?\)/);
  const blob = await (await fetch(new URL(path, base))).blob();
  const reader = new FileReader();
  await new Promise((resolve) => {
    reader.onload = resolve;
    reader.readAsDataURL(blob);
  });
  return `@font-face { font-family: "${FONT}"; font-weight: 100 900; src: url(${reader.result}); }`;
}
