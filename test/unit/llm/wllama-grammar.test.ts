// Outputs as grammars of llama.cpp; that it holds a model to them is tested in the browser.
import { describe, expect, test } from 'vitest';
import { grammarOf } from '../../../src/llm/wllama-grammar.ts';

/** A grammar with its characters readable, where they are of ASCII. */
const readable = (grammar: string) =>
  grammar.replace(/\\U([\da-f]{8})/g, (all, hex) =>
    Number.parseInt(hex, 16) < 128 ? String.fromCharCode(Number.parseInt(hex, 16)) : all,
  );

describe('grammarOf', () => {
  test('a choice; no character of it means anything to the grammar', () => {
    expect(readable(grammarOf({ choice: ['ab', '"]'] }))).toBe('root ::= ([a] [b] | ["] []])');
    expect(grammarOf({ choice: ['ab', '"]\n😀'] })).toMatch(/^root ::= [()[\] |\\U\da-f]+$/);
    expect(grammarOf({ choice: ['😀'] })).toBe('root ::= ([\\U0001f600])');
  });

  test('a regular expression', () => {
    expect(readable(grammarOf({ regex: '[a-c]{2,3}x*(y|zz)+.?' }))).toContain(
      'root ::= (([a-c]){2,3} ([x])* (([y] | [z] [z]))+ (',
    );
    expect(readable(grammarOf({ regex: '\\d{4}' }))).toBe('root ::= (([0-9]){4,4})');
    expect(readable(grammarOf({ regex: 'a{2,}|' }))).toBe('root ::= (([a]){2,} | "")');
  });

  test('a schema that contains itself has a rule that names itself', () => {
    const schema = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };
    const rules = grammarOf({ schema }).split('\n');
    const names = rules.map((rule) => rule.split(' ')[0]!);
    expect(names[0]).toBe('root');
    expect(new Set(names).size).toBe(names.length);
    for (const [, used] of grammarOf({ schema }).matchAll(/\b(part-\d+)\b/g)) expect(names).toContain(used);
    expect(rules.slice(1).some((rule) => rule.split(' ::= ')[1]!.includes(rule.split(' ')[0]!))).toBe(true);
  });

  test('what cannot be enforced is refused by name', () => {
    expect(() => grammarOf({ schema: { type: 'array', uniqueItems: true } })).toThrow(/"uniqueItems" \(#\)/);
    expect(() => grammarOf({ regex: '(?=a)b' })).toThrow('look-around');
  });
});
