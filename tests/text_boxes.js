/**
 * Measure every text that can be seen now: what overlaps, what is cut, and what is too small.
 *
 * A text that is scrolled out of a box that scrolls is not seen, so it is not measured. Texts on
 * different layers (a popover above the page) may cover each other.
 *
 * @param least the smallest allowed size of letters in px.
 * @return sentences, one for each fault.
 */
(least) => {
  const LAYERS = "[data-testid=stPopoverBody], [data-testid=stTooltipContent], [role=dialog], " +
    ".st-key-notices, .stAppHeader, .hoverlayer";
  const UNMEASURED = "style, script, noscript, option, [aria-hidden=true]:not(svg *), .hoverlayer";
  const RAISED = "sub, sup, [baseline-shift], .nets-small"; // small by their nature
  const SLACK = 2; // px; lines of text may touch
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const faults = [];
  const name = (text) => `“${text.trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  const common = (a, b) => ({
    left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom),
  });
  const isEmpty = (box) => box.right - box.left <= SLACK || box.bottom - box.top <= SLACK;

  /** Return the part of a box that its ancestors let through; report what they cut off. */
  function visible(box, element, text) {
    let seen = box;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.position === "fixed") break;
      const clips = (overflow) => overflow !== "visible";
      if (at.tagName.toLowerCase() !== "svg" && !clips(style.overflowX) && !clips(style.overflowY)) continue;
      const edge = at.getBoundingClientRect();
      const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
      const cutX = seen.left < edge.left - SLACK || seen.right > edge.right + SLACK;
      const cutY = seen.top < edge.top - SLACK || seen.bottom > edge.bottom + SLACK;
      if ((cutX && !scrolls(style.overflowX)) || (cutY && !scrolls(style.overflowY))) {
        const rest = common(seen, edge);
        if (edge.width > 1 && edge.height > 1) faults.push(`${name(text)} is cut off`);
        return rest;
      }
      seen = common(seen, edge);
    }
    return common(seen, screen);
  }

  function shown(element) {
    if (element.closest(UNMEASURED)) return false;
    if (element.closest("[data-testid=stSidebar]:is([aria-expanded=false], [data-collapsed=true])"))
      return false;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1; // a box of one pixel is for screen readers
  }

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const done = new Set();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.textContent.trim() || !shown(parent)) continue;
    if (getComputedStyle(parent).fontFamily.includes("Material Symbols")) continue; // an icon
    const whole = parent.closest("svg text");
    if (whole && done.has(whole)) continue;
    if (whole) done.add(whole);
    const range = document.createRange();
    range.selectNodeContents(whole ?? node);
    const boxes = whole ? [whole.getBoundingClientRect()] : [...range.getClientRects()];
    const owner = whole ?? parent;
    const size = parseFloat(getComputedStyle(owner).fontSize);
    const content = owner === whole ? whole.textContent : node.textContent;
    const inked = boxes.map((box) => {
      const air = Math.min(0.15 * box.height, 0.3 * size); // letters do not fill their line
      return { left: box.left, right: box.right, top: box.top + air, bottom: box.bottom - air };
    });
    const seen = inked.map((box) => visible(box, owner, content)).filter((box) => !isEmpty(box));
    if (!seen.length) continue;
    if (size < least - 0.1 && !parent.closest(RAISED))
      faults.push(`${name(content)} has letters of ${size.toFixed(1)} px`);
    const layer = owner.closest(LAYERS);
    const block = whole ?? parent.closest("p, li, td, th, .line, button, label, caption, summary, code") ?? parent;
    for (const box of seen) texts.push({ box, content, layer, block, whole });
  }
  // What is chosen in a list, or typed, is no text of the page, but can be cut as well.
  for (const field of document.querySelectorAll("input:not([type=range], [type=checkbox], [type=radio])"))
    if (field.value && shown(field) && field.scrollWidth > field.clientWidth + SLACK)
      faults.push(`${name(field.value)} is cut off`);
  for (const [i, a] of texts.entries())
    for (const b of texts.slice(i + 1))
      if (a.layer === b.layer && a.block !== b.block && !isEmpty(common(a.box, b.box)))
        faults.push(`${name(a.content)} and ${name(b.content)} overlap`);

  // Marks of a figure under its words: neurons under notes, grid lines under labels.
  for (const figure of document.querySelectorAll("[data-figure]:not([hidden])")) {
    const words = [...figure.querySelectorAll(".annotation-text, .shape-label text, .text text")];
    const dots = figure.querySelectorAll(".trace .points path");
    for (const word of words) {
      if (!word.textContent.trim() || !shown(word) || word.closest(".trace")?.querySelector(".points path")) continue;
      const box = word.getBoundingClientRect();
      const touched = [...dots].filter((dot) => Number(dot.style.opacity || 1) > 0.1 &&
        !isEmpty(common(box, dot.getBoundingClientRect())));
      if (touched.length) faults.push(`${name(word.textContent)} lies over ${touched.length} points`);
      // Words with a halo that are above the grid interrupt its lines.
      const isClear = word.closest(".layer-above") && parseFloat(getComputedStyle(word).strokeWidth) >= 3;
      for (const line of word.closest(".shape-label") && !isClear ? figure.querySelectorAll(".gridlayer path") : []) {
        const at = line.getBoundingClientRect();
        const grown = { left: at.left - 2, right: at.right + 2, top: at.top - 2, bottom: at.bottom + 2 };
        const crossed = common(box, grown);
        if (crossed.right > crossed.left && crossed.bottom > crossed.top)
          faults.push(`${name(word.textContent)} is crossed by a grid line`);
      }
    }
  }
  const wide = document.querySelector(".stMain").scrollWidth;
  if (wide > innerWidth + 1) faults.push(`the page is ${wide} px wide`);
  return [...new Set(faults)];
}
