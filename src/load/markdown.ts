// Markdown (CommonMark, with front matter): the text stays as it is, sections come from the syntax tree.
import type { Nodes, Root } from 'mdast';
import type { Section } from '../spec/document.ts';
import type { Loader } from '../spec/loader.ts';
import type { Metadata } from '../spec/metadata.ts';
import { nextTask } from '../util/async.ts';
import { importPackage } from '../util/import-package.ts';
import { readable, wholeText } from './decode-text.ts';
import { parseFrontMatter } from './front-matter.ts';
import { emptyDocument, identify, inPieces } from './identify.ts';
import { plainTextLoader } from './plain-text.ts';

/** Larger files are read as plain text, in bytes or UTF-16 code units. */
const largest = 2_000_000;

/** The parser's time grows faster than its input, so it gets the text in parts of about this length. */
const partLength = 16_384;

/** Reads Markdown. Title: front matter, else the first heading of level 1, else the name. */
export const markdownLoader: Loader = {
  name: 'markdown',
  async *load(captured, { signal } = {}) {
    const source = readable(captured);
    const size = source.kind === 'text' ? source.text.length : source.blob.size;
    if (size > largest) {
      yield* plainTextLoader.load({ ...source, mediaType: 'text/markdown' }, { signal });
      return;
    }
    const text = await wholeText(source, signal);
    if (!text.trim()) throw emptyDocument(source);
    const { sections, metadata } = await outline(text, signal);
    const title = typeof metadata.title === 'string' ? metadata.title : sections.find(({ level }) => level === 1)?.title;
    yield {
      ...(await identify(source, { title, mediaType: 'text/markdown', metadata }, signal)),
      text: inPieces(text),
      ...(sections.length > 0 && { sections }),
    };
  },
};

async function outline(text: string, signal?: AbortSignal): Promise<{ sections: Section[]; metadata: Metadata }> {
  const parse = await createParser();
  const sections: Section[] = [];
  let metadata: Metadata = {};
  for (const { start, end } of parts(text)) {
    signal?.throwIfAborted();
    for (const node of parse(text.slice(start, end), start === 0).children) {
      if (node.type === 'yaml' || (node.type as string) === 'toml')
        metadata = parseFrontMatter((node as { value: string }).value);
      if (node.type !== 'heading') continue;
      const title = textOf(node).replace(/\s+/g, ' ').trim();
      if (title) sections.push({ level: node.depth, title, start: start + node.position!.start.offset!, end: text.length });
    }
    await nextTask();
  }
  sections.forEach((section, i) => {
    section.end = sections[i + 1]?.start ?? text.length;
  });
  return { sections, metadata };
}

async function createParser(): Promise<(text: string, first: boolean) => Root> {
  const purpose = 'Reading Markdown';
  const { fromMarkdown } = await importPackage('mdast-util-from-markdown', purpose, () => import('mdast-util-from-markdown'));
  const { frontmatter } = await importPackage(
    'micromark-extension-frontmatter',
    purpose,
    () => import('micromark-extension-frontmatter'),
  );
  const { frontmatterFromMarkdown } = await importPackage(
    'mdast-util-frontmatter',
    purpose,
    () => import('mdast-util-frontmatter'),
  );
  const kinds: ('yaml' | 'toml')[] = ['yaml', 'toml'];
  const options = { extensions: [frontmatter(kinds)], mdastExtensions: [frontmatterFromMarkdown(kinds)] };
  return (text, first) => fromMarkdown(text, first ? options : {});
}

/** Stretches that can be parsed by themselves: each starts a block at the left margin, outside code and after a blank line. */
function* parts(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  let fence = '';
  let afterBlank = false;
  for (const { index, 0: line } of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    const marker = /^\s*(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})/.exec(line)?.[1];
    if (afterBlank && !fence && index - start >= partLength && /^\S/.test(line)) {
      yield { start, end: index };
      start = index;
    }
    if (marker && !fence) fence = marker;
    else if (marker?.startsWith(fence) && line.trim() === marker) fence = '';
    afterBlank = line.trim() === '';
  }
  yield { start, end: text.length };
}

function textOf(node: Nodes): string {
  if ('children' in node) return node.children.map(textOf).join('');
  if (node.type === 'break') return ' ';
  if (node.type === 'html') return '';
  return 'value' in node ? node.value : 'alt' in node ? (node.alt ?? '') : '';
}
