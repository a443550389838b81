// An answer in Markdown as elements, with its cited sentences. Only what is named here becomes an element, and HTML in an answer is
// text: nothing that a model or a document says can bring in markup.
import type { Link, Nodes, Parents, RootContent } from 'mdast';
import type { Citation } from '../spec/citation.ts';
import { segments } from './annotate.ts';
import { h } from './element.ts';

/** Reads Markdown; loaded when an answer is shown. */
export type MarkdownParser = (text: string) => Nodes;

/** @throws TypeError where the parser cannot be fetched */
export async function loadMarkdown(): Promise<MarkdownParser> {
  const { fromMarkdown } = await import('mdast-util-from-markdown');
  return (text) => fromMarkdown(text);
}

/** What to show for a part of a sentence; `last`: it ends there, so that its mark belongs behind it. */
export type ShowSentence = (text: string, citation: Citation, last: boolean) => readonly (Node | string)[];

type Tag = 'p' | 'ul' | 'ol' | 'li' | 'strong' | 'em' | 'blockquote';

const tags: Partial<Record<Nodes['type'], Tag>> = {
  paragraph: 'p',
  listItem: 'li',
  strong: 'strong',
  emphasis: 'em',
  blockquote: 'blockquote',
};

/** The elements of an answer. @param citations of its sentences, by their offsets in the answer */
export function renderMarkdown(
  answer: string,
  parse: MarkdownParser,
  citations: readonly Citation[],
  show: ShowSentence,
): (Node | string)[] {
  const children = (node: Parents) => (node.children as RootContent[]).flatMap(render);

  function render(node: Nodes): (Node | string)[] {
    if (node.type === 'root') return children(node);
    if (node.type === 'heading') return [h('p', { class: 'heading' }, h('strong', {}, ...children(node)))];
    if (node.type === 'list') return [h(node.ordered ? 'ol' : 'ul', { start: node.start ?? undefined }, ...children(node))];
    if (node.type === 'link') return [link(node, children(node))];
    if (node.type === 'break') return [h('br')];
    if (node.type === 'thematicBreak') return [h('hr')];
    if (node.type === 'code') return [h('pre', { tabindex: 0 }, h('code', {}, node.value))];
    if (node.type === 'inlineCode') return sentences(node, (text) => h('code', {}, text));
    if (node.type === 'image') return [node.alt ?? ''];
    const tag = tags[node.type];
    if (tag && 'children' in node) return [h(tag, {}, ...children(node))];
    if ('children' in node) return children(node);
    return 'value' in node ? sentences(node, (text) => text) : [];
  }

  /** A text cut at the sentences that it lies in. */
  function sentences(node: Extract<Nodes, { value: string }>, wrap: (text: string) => Node | string): (Node | string)[] {
    const from = node.position?.start.offset ?? 0;
    const to = node.position?.end.offset ?? from;
    const within = citations.filter(({ answerStart, answerEnd }) => answerStart < to && answerEnd > from);
    // Where signs were taken out of the text, its offsets are not those of the answer any more.
    if (within.length === 0 || node.value.length !== to - from) return closing(wrap(node.value), within, to);
    const clipped = within.map((citation) => ({
      ...citation,
      answerStart: Math.max(citation.answerStart, from) - from,
      answerEnd: Math.min(citation.answerEnd, to) - from,
    }));
    return segments(node.value, clipped).flatMap(({ text, citation }) => {
      if (!citation) return [wrap(text)];
      const whole = within[clipped.indexOf(citation as (typeof clipped)[number])]!;
      const shown = show(text, whole, endsBy(whole, to));
      return shown.map((part) => (typeof part === 'string' ? wrap(part) : part));
    });
  }

  function closing(part: Node | string, within: readonly Citation[], to: number): (Node | string)[] {
    return [part, ...within.filter((citation) => endsBy(citation, to)).flatMap((citation) => show('', citation, true))];
  }

  /** Whether nothing of a sentence but signs is left behind an offset. */
  function endsBy({ answerEnd }: Citation, offset: number): boolean {
    return !/[\p{L}\p{N}]/u.test(answer.slice(offset, answerEnd));
  }

  return render(parse(answer));
}

function link({ url }: Link, content: (Node | string)[]): Node {
  const safe = URL.canParse(url, document.baseURI) && /^https?:$/.test(new URL(url, document.baseURI).protocol);
  return safe ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...content) : h('span', {}, ...content);
}
