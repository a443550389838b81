// Where a passage stands among the sections of its document.
import type { Section } from '../spec/document.ts';

/** For each section the position of the section around it, or −1. */
export function sectionParents(sections: readonly Section[]): Int32Array {
  const parents = new Int32Array(sections.length).fill(-1);
  const open: number[] = [];
  sections.forEach(({ level }, i) => {
    while (open.length > 0 && sections[open.at(-1)!]!.level >= level) open.pop();
    parents[i] = open.at(-1) ?? -1;
    open.push(i);
  });
  return parents;
}

/**
 * Finds titles of the sections around a passage, outermost first. A passage over several sections has the titles that they
 * share; one that opens with a section's own words and goes on into one of its subsections has the subsection's.
 * @param sections in order, as a loader gives them
 * @returns a function of the passage's offsets; passages may come in any order
 */
export function headingPaths(sections: readonly Section[] = []): (start: number, end: number) => string[] {
  const parents = sectionParents(sections);
  const pathTo = (section: number): number[] => {
    const path: number[] = [];
    for (let at = section; at >= 0; at = parents[at]!) path.unshift(at);
    return path;
  };
  return (start, end) => {
    let section = sectionAt(sections, start);
    let common: number[] = pathTo(section);
    let opening = true;
    while (section + 1 < sections.length && sections[section + 1]!.start < end) {
      const next = pathTo(++section);
      if (opening && common.every((part, i) => part === next[i])) common = next;
      else {
        opening = false;
        const differs = common.findIndex((part, i) => part !== next[i]);
        if (differs >= 0) common = common.slice(0, differs);
      }
    }
    return common.map((at) => sections[at]!.title);
  };
}

/** Position of the last section that starts at or before an offset, or −1. */
export function sectionAt(sections: readonly Section[], offset: number): number {
  let low = -1;
  let high = sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sections[middle]!.start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
