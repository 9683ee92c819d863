/**
 * A walk through a figure's parts with the arrow keys.
 *
 * Parts are nodes, in columns, and links between them. Left and right go from node to link to node,
 * up and down to the other nodes of a column, or to the other links of the node one comes from.
 */

const WAYS = {
  ArrowUp: { along: -1 },
  ArrowDown: { along: 1 },
  ArrowLeft: { end: "from", other: "to", side: -1 },
  ArrowRight: { end: "to", other: "from", side: 1 },
};

export class Walk {
  /**
   * @param columns the ids of the nodes, column by column.
   * @param links [id, from, to]: each link and the nodes at its ends; `from` may be null.
   */
  constructor({ columns, links }) {
    this.columns = columns;
    this.links = links.map(([id, from, to]) => ({ id, from, to }));
    this.at = null; // the id of the part on show
    this.origin = "from"; // the end of a link from which it was reached
  }

  /** Go where an arrow key leads, at first to the first node. Return the id of the part there. */
  go(key) {
    const way = WAYS[key];
    if (!way) return null;
    this.at = (this.at ? this.next(way) : this.columns[0][0]) ?? this.at;
    return this.at;
  }

  next(way) {
    const link = this.links.find(({ id }) => id === this.at);
    if (!way.side) return link ? this.besideLink(link, way.along) : this.besideNode(way.along);
    if (link) return link[way.end] ?? this.inNextColumn(link[way.other], way.side);
    const links = this.links.filter((one) => one[way.other] === this.at);
    this.origin = way.other;
    return links[0]?.id ?? this.inNextColumn(this.at, way.side);
  }

  /** Return the next link of the node from which the present one was reached. */
  besideLink(link, along) {
    const node = link[this.origin];
    const links = this.links.filter((one) => one[this.origin] === node);
    return links[links.indexOf(link) + along]?.id;
  }

  besideNode(along) {
    const column = this.columns.find((nodes) => nodes.includes(this.at));
    return column[column.indexOf(this.at) + along];
  }

  /** Return the node at the same height in the next column, where no link is drawn. */
  inNextColumn(node, side) {
    const at = this.columns.findIndex((nodes) => nodes.includes(node));
    const column = this.columns[at + side];
    if (!column) return null;
    const share = this.columns[at].indexOf(node) / this.columns[at].length;
    return column[Math.floor(share * column.length)];
  }
}
