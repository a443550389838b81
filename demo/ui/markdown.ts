// The little of Markdown that reads badly as plain text: headings, strong text, inline code. The text itself stays as it is.
import { h } from './dom.ts';

/** `syntax`: signs such as `##` and `**`. */
export type Style = 'plain' | 'strong' | 'syntax';

/** A run of one style; offsets within the line. Plain text has no run. */
export interface Run {
  start: number;
  end: number;
  style: Exclude<Style, 'plain'>;
}

/** Runs of one line, in order; `heading` is its level, 0 for none. */
export function markdownRuns(line: string): { heading: number; runs: Run[] } {
  const runs: Run[] = [];
  const prefix = /^(#{1,6})\s+/.exec(line);
  if (prefix) runs.push({ start: 0, end: prefix[0].length, style: 'syntax' });
  for (const match of line.matchAll(/(\*\*|`)(?=\S)(.+?)(?<=\S)\1/g)) {
    const [whole, sign = '', inner = ''] = match;
    const inside = match.index + sign.length;
    runs.push({ start: match.index, end: inside, style: 'syntax' });
    runs.push({ start: inside, end: inside + inner.length, style: 'strong' });
    runs.push({ start: inside + inner.length, end: match.index + whole.length, style: 'syntax' });
  }
  return { heading: prefix?.[1]?.length ?? 0, runs };
}

/** Text in a style. */
export function styled(text: string, style: Style): Node | string {
  if (style === 'plain') return text;
  return style === 'strong' ? h('strong', {}, text) : h('span', { class: 'syntax' }, text);
}

/** A text with its inline styles; line breaks stay. */
export function styledText(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let position = 0;
  for (const { start, end, style } of markdownRuns(text).runs) {
    nodes.push(text.slice(position, start), styled(text.slice(start, end), style));
    position = end;
  }
  return [...nodes, text.slice(position)];
}
