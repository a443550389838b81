// Regular expressions as JSON Schema has them: source text without flags.

/** Not anchored, by code points; a source that only the older syntax takes is read by that. @throws SyntaxError */
export function compilePattern(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}
