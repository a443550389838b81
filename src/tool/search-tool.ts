// A tool that finds passages in a collection. What it gives was written by others.

import type { Filter } from '../spec/metadata.ts';
import type { Retriever } from '../spec/retriever.ts';
import type { Tool } from '../spec/tool.ts';

/** Options of {@link searchTool}. */
export interface SearchToolOptions {
  /** What is in the collection, for choosing among tools. */
  description?: string;
  /** Passages, 1–50. @default 3 */
  k?: number;
  filter?: Filter;
}

/** A passage, as the model is shown it. */
export interface FoundPassage {
  document: string;
  title: string;
  text: string;
}

/** `search`, over an assistant or whatever else retrieves. */
export function searchTool(
  retriever: Pick<Retriever, 'search'>,
  { description = 'Finds passages in the documents by meaning and words.', k = 3, filter }: SearchToolOptions = {},
): { search: Tool<{ query: string }, FoundPassage[]> } {
  return {
    search: {
      description,
      inputSchema: {
        type: 'object',
        properties: { query: { type: 'string', minLength: 1, maxLength: 300, description: 'What to look for' } },
        required: ['query'],
        additionalProperties: false,
      },
      aliases: ['look up', 'find in the documents', 'search the knowledge base'],
      readOnly: true,
      async execute({ query }, { signal }) {
        const hits = await retriever.search(query, { k, signal, ...(filter && { filter }) });
        return hits.map(({ document, title, text }) => ({ document, title, text }));
      },
    },
  };
}
