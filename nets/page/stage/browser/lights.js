/** Lights: one part of a figure stands out, a point or the line that a point stands for. */

import { drawnTraces } from "./columns.js";

/** Light up the part with an id, and no other; without an id, none. */
export function light(element, data, id) {
  element.querySelectorAll(".lit").forEach((part) => part.classList.remove("lit"));
  if (id === undefined) return;
  for (const [drawn, { ids, meta }] of drawnTraces(element, data)) {
    const [scope, selector] =
      meta === "lines" ? [element, ".shapelayer path[data-index]"] : [drawn, ".points path"];
    scope.querySelectorAll(selector)[ids?.indexOf(id)]?.classList.add("lit");
  }
}
