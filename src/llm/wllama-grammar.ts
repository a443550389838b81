// Structured output in llama.cpp's words: a grammar (GBNF), made of the same set of texts that the other backends are held to.
// https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md
import type { PlainOutput } from '../prompt/plain-output.ts';
import type { Expression, Range } from './constraint/expression.ts';
import { expressionOf } from './constraint/expression-of.ts';

/**
 * The grammar of an output.
 * @throws InpageError `output-unsupported` with the names of what cannot be enforced; `invalid-argument`
 */
export function grammarOf(output: PlainOutput): string {
  const rules: string[] = [];
  const names = new Map<Expression, string>();

  /** An expression as a rule of its own, once: what contains itself has to have a name. */
  const rule = (expression: Expression): string => {
    let name = names.get(expression);
    if (!name) {
      name = names.size === 0 ? 'root' : `part-${names.size}`;
      names.set(expression, name);
      const place = rules.push('') - 1;
      rules[place] = `${name} ::= ${write(expression)}`;
    }
    return name;
  };

  const write = (expression: Expression): string => {
    switch (expression.kind) {
      case 'set':
        return `[${expression.ranges.map(range).join('')}]`;
      case 'sequence':
        return expression.parts.length === 0 ? '""' : expression.parts.map(write).join(' ');
      case 'choice':
        return `(${expression.options.map(write).join(' | ')})`;
      case 'repeat': {
        const { part, least, most } = expression;
        return `(${write(part)})${times(least, most)}`;
      }
      case 'lazy':
        return rule(expression.make());
    }
  };

  rule(expressionOf(output));
  return rules.join('\n');
}

function times(least: number, most: number): string {
  if (most !== Number.POSITIVE_INFINITY) return `{${least},${most}}`;
  return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
}

function range([first, last]: Range): string {
  return first === last ? character(first) : `${character(first)}-${character(last)}`;
}

/** Every character as its number: none then means something in a grammar. */
function character(point: number): string {
  return `\\U${point.toString(16).padStart(8, '0')}`;
}
