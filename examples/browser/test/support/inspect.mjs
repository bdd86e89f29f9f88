// Runs inside the page: what a person would look at. Each function returns a list of faults, empty when all is well.

/** Text and the ground behind it: WCAG 1.4.3 wants 4.5:1, or 3:1 for large text. Also the edges of controls, 1.4.11: 3:1. */
export function contrastFaults() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], ground) => [r * a + ground[0] * (1 - a), g * a + ground[1] * (1 - a), b * a + ground[2] * (1 - a), 1];
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const faults = [];
  const name = (element) => `${element.localName}${element.id ? `#${element.id}` : ""}.${element.getAttribute("class") ?? ""}`;
  let looked = 0;
  for (const element of document.querySelectorAll("body *")) {
    const ownText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
    if (!shown(element) || (!ownText && !element.matches("input, textarea, select"))) continue;
    const style = getComputedStyle(element);
    const inSVG = element instanceof SVGElement;
    const behind = inSVG ? over(rgba(getComputedStyle(element.ownerSVGElement.querySelector(".coin-face")).fill), ground(element.ownerSVGElement.parentElement)) : ground(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const found = ratio(over(rgba(inSVG ? style.fill : style.color), behind), behind);
    looked++;
    if (found < (large ? 3 : 4.5)) faults.push(`${name(element)}: text ${found.toFixed(2)}`);
  }
  for (const control of document.querySelectorAll("input:not([type=radio]), textarea, select, .button:not(.primary), .choice")) {
    if (!shown(control)) continue;
    const edge = ratio(rgba(getComputedStyle(control).borderTopColor), ground(control.parentElement));
    looked++;
    if (edge < 3) faults.push(`${name(control)}: edge ${edge.toFixed(2)}`);
  }
  if (looked < 20) faults.push(`only ${looked} things were looked at`);
  return faults;
}

/** The order of headings, names of controls, regions, language. */
export function structureFaults() {
  const faults = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  for (const control of all("input, textarea, select")) {
    const label = [...control.labels].map((label) => label.textContent.trim()).join(" ");
    if (!label) faults.push(`${control.id || control.name} has no label`);
    for (const id of (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean)) {
      if (!document.getElementById(id)) faults.push(`${control.id} is described by ${id}, which is not there`);
    }
  }
  for (const group of all("fieldset")) if (!group.querySelector("legend")?.textContent.trim()) faults.push("a group of choices has no legend");
  for (const button of all("button")) if (!(button.getAttribute("aria-label") ?? button.innerText).trim()) faults.push(`button ${button.id} has no name`);
  for (const image of all("img")) if (!image.hasAttribute("alt")) faults.push("an image has no alt");
  for (const drawing of all("svg")) if (drawing.getAttribute("aria-hidden") !== "true") faults.push("a drawing is not hidden from screen readers");
  for (const table of all("table")) if (!table.getAttribute("aria-labelledby")?.split(" ").every((id) => document.getElementById(id))) faults.push("a table has no name");
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) faults.push(`two elements have the id ${id}`);
  const levels = all("h1, h2, h3").map(({ localName }) => Number(localName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("there is not one h1");
  levels.reduce((last, level) => (level > last + 1 && faults.push(`h${level} follows h${last}`), level));
  for (const [selector, count] of [["main", 1], ["body > header", 1], ["body > footer", 1]]) if (all(selector).length !== count) faults.push(`there is not one ${selector}`);
  if (!document.documentElement.lang) faults.push("the page has no language");
  if (document.querySelector("[style], style, [onclick], script:not([src])")) faults.push("there is a style or script in the markup");
  if (!all("[role=status]").length) faults.push("there is no live region");
  return faults;
}

/** WCAG 1.4.10: nothing sticks out sideways, neither of the page nor of a control. */
export function overflowFaults() {
  const width = document.documentElement.clientWidth;
  const faults = document.scrollingElement.scrollWidth > width ? [`the page is ${document.scrollingElement.scrollWidth} wide in ${width}`] : [];
  for (const element of document.querySelectorAll("main *, header *, footer *")) {
    if (element.closest(".visually-hidden, thead, svg, .skip") || !element.checkVisibility()) continue;
    const { left, right } = element.getBoundingClientRect();
    if (left < -1 || right > width + 1) faults.push(`${element.localName}.${element.getAttribute("class")} reaches from ${left} to ${right} in ${width}`);
  }
  for (const control of document.querySelectorAll(".choice, .button, .chip, .message, .verdict")) {
    if (!control.checkVisibility()) continue;
    const { left, right } = control.getBoundingClientRect();
    const text = document.createRange();
    text.selectNodeContents(control);
    for (const box of text.getClientRects()) {
      if (box.left < left || box.right > right) faults.push(`the text of ${control.localName}.${control.className} sticks out: ${control.innerText.trim()}`);
    }
  }
  return faults;
}

/** What has the focus, and whether that can be seen. A radio button shows it on the choice around it. */
export function focusNow() {
  const element = document.activeElement;
  const target = element.closest(".choice") ?? element;
  const { outlineStyle, outlineWidth } = getComputedStyle(target);
  const { top } = target.getBoundingClientRect();
  return {
    name: element.id || (element.name ? `${element.name}=${element.value}` : element.getAttribute("aria-label") ?? element.textContent.trim()),
    visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    inView: top >= 0 && top < innerHeight,
  };
}
