// A tool that calculates, with units. The library reads the expression; of what it could do only arithmetic is let through.
import type { MathNode } from 'mathjs';
import type { Tool } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';
import { importPackage } from '../util/import-package.ts';

const functions = new Set(
  [
    'abs ceil floor round fix sign sqrt cbrt nthRoot exp log log2 log10 pow mod gcd lcm',
    'sin cos tan asin acos atan atan2 sinh cosh tanh hypot min max mean median sum factorial to',
  ].flatMap((names) => names.split(' ')),
);

/** Parts of an expression that are arithmetic: no assignments, no matrices, no access to anything. */
const kinds = new Set([
  'ConstantNode',
  'OperatorNode',
  'ParenthesisNode',
  'FunctionNode',
  'SymbolNode',
  'RelationalNode',
  'ConditionalNode',
]);

/**
 * `calculate`: `12.5 % of 80`, `(3 + 4)^2`, `5 miles to km`, `sqrt(2)`.
 * Its calls throw InpageError `missing-dependency` without the package "mathjs", `invalid-argument` for what is no arithmetic.
 */
export function calculatorTool(): { calculate: Tool<{ expression: string }, string> } {
  return {
    calculate: {
      description:
        'Calculates an expression exactly, and converts units: "12 * (3 + 4)", "5 miles to km", "15 % of 80", "sqrt(2)".',
      inputSchema: {
        type: 'object',
        properties: { expression: { type: 'string', minLength: 1, maxLength: 300, description: 'What to calculate' } },
        required: ['expression'],
        additionalProperties: false,
      },
      aliases: ['how much is', 'compute', 'convert units', 'percent of'],
      readOnly: true,
      trusted: true,
      async execute({ expression }) {
        const { parse, format } = await importPackage('mathjs', 'Calculating', () => import('mathjs'));
        const text = expression
          .replace(/%\s*of\b/gi, '/ 100 *')
          .replaceAll('×', '*')
          .replaceAll('÷', '/')
          .replaceAll('−', '-');
        try {
          const node = parse(text);
          node.traverse(check);
          return format(node.compile().evaluate(), { precision: 14 });
        } catch (cause) {
          const message = `"${expression}" cannot be calculated. ${(cause as Error).message}`;
          throw new InpageError('invalid-argument', message, { cause, detail: { expression } });
        }
      },
    },
  };
}

function check(node: MathNode): void {
  const { type, fn } = node as MathNode & { fn?: unknown };
  if (!kinds.has(type)) throw new Error('It takes arithmetic and units only.');
  const name = type === 'FunctionNode' ? String((fn as { name?: string }).name) : undefined;
  if (name !== undefined && !functions.has(name)) throw new Error(`There is no function "${name}".`);
}
