/** Fills that are pictures: a point of a figure shows an image instead of a colour. */

const SVG = "http://www.w3.org/2000/svg";
let made = 0; // sets of fills so far, for names that no two share

export class Fills {
  constructor(element) {
    this.element = element; // of the figure
    this.number = ++made;
    this.patterns = null; // the SVG that holds them, once there is one
  }

  /** Return a fill that is a picture, stretched over what it fills; one fill a name. */
  fillOf(source, name) {
    const id = `picture-${this.number}-${name}`;
    const pattern = this.patterns?.querySelector(`[id="${id}"]`) ?? this.add(id);
    pattern.firstChild.setAttribute("href", source);
    return `url("#${id}")`;
  }

  add(id) {
    if (!this.patterns) {
      this.patterns = svg("svg", { width: 0, height: 0, style: "position: absolute" });
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
