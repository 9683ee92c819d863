/** Pictures that fill the points of a figure, in place of a colour. */

const SVG = "http://www.w3.org/2000/svg";
let count = 0; // of instances so far: no two may share an id in the document

export class Pictures {
  /** @param element the figure's element. */
  constructor(element) {
    this.element = element;
    this.number = ++count;
    this.patterns = null; // the SVG element that holds them, made when it is first needed
  }

  /** Return a CSS fill that shows an image, stretched to the size of the point. */
  fill(source, name) {
    const id = `picture-${this.number}-${name}`;
    const pattern = this.patterns?.querySelector(`[id="${id}"]`) ?? this.add(id);
    pattern.firstChild.setAttribute("href", source);
    return `url("#${id}")`;
  }

  add(id) {
    if (!this.patterns) {
      this.patterns = svg("svg", { width: 0, height: 0, style: "position: absolute", "data-fills": "" });
      this.element.append(this.patterns);
    }
    const whole = { width: 1, height: 1, preserveAspectRatio: "none" };
    const pattern = svg("pattern", { id, ...whole, patternContentUnits: "objectBoundingBox" });
    pattern.append(svg("image", whole));
    this.patterns.append(pattern);
    return pattern;
  }

  remove() {
    this.patterns?.remove();
  }
}

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
