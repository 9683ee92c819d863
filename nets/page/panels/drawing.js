/** The sheet: 8×8 pixels that a pointer or the keys draw on. */
const SIDE = 8;
const sheets = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let sheet = sheets.get(parentElement);
  if (!sheet) sheets.set(parentElement, (sheet = prepared(parentElement)));
  sheet.tell = (pixels) => setTriggerValue("drawn", pixels);
  if (sheet.version !== data.version) {
    sheet.version = data.version;
    sheet.pixels = [...data.pixels];
  }
  paint(sheet);
}

function prepared(root) {
  const canvas = root.querySelector("canvas");
  const sheet = { canvas, pixels: Array(SIDE * SIDE).fill(0), at: 0, version: null, down: false };
  const done = () => sheet.tell(sheet.pixels);
  canvas.onpointerdown = (event) => {
    sheet.down = true;
    canvas.setPointerCapture(event.pointerId);
    ink(sheet, event);
  };
  canvas.onpointermove = (event) => sheet.down && ink(sheet, event);
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (sheet.down) done();
    sheet.down = false;
  };
  canvas.onfocus = canvas.onblur = () => paint(sheet);
  canvas.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE }[event.key];
    if (by === undefined && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (by === undefined) {
      sheet.pixels[sheet.at] = sheet.pixels[sheet.at] > 0.5 ? 0 : 1;
      done();
    } else sheet.at = (sheet.at + by + SIDE * SIDE) % (SIDE * SIDE);
    paint(sheet);
  };
  root.querySelector("button").onclick = () => {
    sheet.pixels.fill(0);
    paint(sheet);
    done();
  };
  return sheet;
}

/** Draw ink under the pointer and a little around it, as a pen does at this size. */
function ink(sheet, event) {
  const box = sheet.canvas.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * SIDE - 0.5;
  const y = ((event.clientY - box.top) / box.height) * SIDE - 0.5;
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      const dark = Math.min(1, Math.max(0, 1.25 - Math.hypot(column - x, row - y)));
      const place = row * SIDE + column;
      sheet.pixels[place] = Math.max(sheet.pixels[place], dark);
    }
  paint(sheet);
}

function paint({ canvas, pixels, at }) {
  const pen = canvas.getContext("2d");
  const size = canvas.width / SIDE;
  pixels.forEach((dark, place) => {
    const grey = Math.round(255 * (1 - dark));
    pen.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
    pen.fillRect((place % SIDE) * size, Math.floor(place / SIDE) * size, size - 1, size - 1);
  });
  if (document.activeElement === canvas || canvas.getRootNode().activeElement === canvas) {
    pen.strokeStyle = getComputedStyle(canvas).color; // page.css says which
    pen.lineWidth = 3;
    pen.strokeRect((at % SIDE) * size + 1, Math.floor(at / SIDE) * size + 1, size - 3, size - 3);
  }
}
