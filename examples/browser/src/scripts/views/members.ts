import { distanceOf, meaningOf } from "../claims.js";
import { element, find, setText } from "./dom.js";

/** Lists the members of a header or payload in a table: name, value, and what they mean. */
export function listMembers(table: HTMLTableElement, members: object, faulty: ReadonlySet<string> = new Set()): void {
  const rows = Object.entries(members).map(([name, value]) => {
    const meaning = element("td", "member-meaning", meaningOf(name, value));
    const away = distanceOf(name, value);
    if (away !== undefined) {
      const distance = element("span", "distance", away);
      distance.dataset["claim"] = name;
      meaning.append(distance);
    }
    const heading = element("th", "member-name", name);
    heading.scope = "row";
    const row = element("tr", "", heading, element("td", "member-value", element("code", "", JSON.stringify(value))), meaning);
    if (faulty.has(name)) row.dataset["tone"] = "bad";
    return row;
  });
  find(HTMLTableSectionElement, "tbody", table).replaceChildren(...rows);
}

/** Brings how far the dates in a table are away up to date. */
export function tickMembers(table: HTMLTableElement, members: Readonly<Record<string, unknown>>): void {
  for (const distance of table.querySelectorAll<HTMLElement>(".distance")) {
    const name = distance.dataset["claim"] as string;
    setText(distance, distanceOf(name, members[name]) ?? "");
  }
}
