// A tool that asks data: filters, sorts, groups and adds up tables and other JSON, in the language JSONata.
import type { Tool } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';
import { importPackage } from '../util/import-package.ts';

/** Options of {@link queryTool}. */
export interface QueryToolOptions {
  /** What the data are. */
  description: string;
  /** Upper time of one query, in ms. @default 2000 */
  maxMs?: number;
  /** The data are one's own, not written by others. @default false */
  trusted?: boolean;
}

/** Calls inside calls. */
const deepest = 200;

/**
 * `query`, over plain data, or what gives them. The names of a table's columns are told to the model.
 * Its calls throw InpageError `missing-dependency` without the package "jsonata", `invalid-argument` for a query that fails.
 */
export function queryTool(
  data: object | (() => object | Promise<object>),
  { description, maxMs = 2000, trusted = false }: QueryToolOptions,
): { query: Tool<{ expression: string }> } {
  const columns = Array.isArray(data) && data[0] ? ` Columns: ${Object.keys(data[0]).join(', ')}.` : '';
  return {
    query: {
      description: `${description}${columns} Asks in JSONata, like "$[price < 5].name" or "$sum($.price)".`,
      inputSchema: {
        type: 'object',
        properties: { expression: { type: 'string', minLength: 1, maxLength: 500, description: 'The query, in JSONata' } },
        required: ['expression'],
        additionalProperties: false,
      },
      readOnly: true,
      trusted,
      async execute({ expression }) {
        const { default: jsonata } = await importPackage('jsonata', 'Querying data', () => import('jsonata'));
        const input = typeof data === 'function' ? await data() : data;
        try {
          const query = jsonata(expression);
          bound(query, maxMs);
          // The library marks its lists with properties of its own.
          return JSON.parse(JSON.stringify((await query.evaluate(structuredClone(input))) ?? null));
        } catch (cause) {
          const message = `"${expression}" cannot be answered. ${(cause as Error).message}`;
          throw new InpageError('invalid-argument', message, { cause, detail: { expression } });
        }
      },
    },
  };
}

/** Ends a query that runs away: the library calls these around each part of it. */
function bound(query: { assign(name: never, value: unknown): void }, maxMs: number): void {
  const end = performance.now() + maxMs;
  let depth = 0;
  const step = (change: number) => () => {
    depth += change;
    if (depth > deepest) throw new Error('It goes too deep.');
    if (performance.now() > end) throw new Error(`It took longer than ${maxMs} ms.`);
  };
  query.assign(Symbol.for('jsonata.__evaluate_entry') as never, step(1));
  query.assign(Symbol.for('jsonata.__evaluate_exit') as never, step(-1));
}
