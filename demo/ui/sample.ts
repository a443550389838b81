// The sample corpus: the handbook of a product that does not exist, as files.
import type { DescribedSource, DocumentRecord } from '../../src/index.ts';

// As text modules, so that the built page needs no server that knows Markdown.
const modules = import.meta.glob<string>('../samples/*', { query: '?raw', import: 'default' });

const names = [
  'getting-started.md',
  'app-and-network.md',
  'operating-modes.md',
  'troubleshooting.md',
  'safety-and-care.md',
  'warranty-and-service.md',
  'release-notes.html',
  'kurzanleitung-de.md',
  'quick-start-zh.md',
];

const types: Readonly<Record<string, string>> = { md: 'text/markdown', html: 'text/html' };

/** The sample as a reader would drop it, marked in its metadata. */
export function sampleSources(): Promise<DescribedSource[]> {
  const files = names.map(async (name) => {
    const text = await modules[`../samples/${name}`]?.();
    const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain';
    return { source: new File([text ?? ''], name, { type }), metadata: { sample: true } };
  });
  return Promise.all(files);
}

/** Whether a document belongs to the sample. */
export function isSample({ metadata }: DocumentRecord): boolean {
  return metadata.sample === true;
}

/** Questions that the sample answers. */
export const sampleQuestions = [
  'How do I reset the Solvei S2 to factory settings?',
  'What does a blinking amber light mean?',
  'How long does the warranty last?',
] as const;
