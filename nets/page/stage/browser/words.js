/** The words of a hover label, for people who cannot see it. */

/** Fill a trace's hover template for one of its points, and return the text without its tags. */
export function wordsOf(trace, place) {
  const value = (name, part) => {
    const of = Array.isArray(trace[name]) ? trace[name][place] : trace[name];
    return part === undefined ? of : of?.[part];
  };
  const filled = trace.hovertemplate
    .replace(/<extra>.*/, "")
    .replace(/%\{(\w+)(?:\[(\d+)\])?\}/g, (_, name, part) => value(name, part) ?? "")
    .replaceAll("<br>", ", ")
    .replaceAll("→", "to")
    .replace(/<su[bp]>/g, " ");
  return new DOMParser().parseFromString(filled, "text/html").body.textContent;
}
