// Passages for the benches: the sample handbook, cut as documents are cut when they are added.
import { captureSource, createChunker, loadSource } from '../../src/index.ts';

const documents = import.meta.glob<string>('../samples/*.md', { query: '?raw', import: 'default', eager: true });

/** @param count how many; from the start again where there are fewer */
export async function handbookPassages(count: number): Promise<string[]> {
  const passages: string[] = [];
  for (const [id, text] of Object.entries(documents).sort()) {
    for await (const document of loadSource(captureSource({ id, text, mediaType: 'text/markdown' }))) {
      for await (const chunk of createChunker().chunk(document)) passages.push(chunk.text);
    }
  }
  return Array.from({ length: count }, (_, i) => passages[i % passages.length]!);
}
