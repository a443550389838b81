// Whether calls are those that were wanted, by the rules of the Berkeley Function-Calling Leaderboard (gorilla.cs.berkeley.edu):
// values by argument, texts without regard to case and punctuation, whole numbers for any number, calls in any order.

/** A call by the name of its tool. */
export interface MadeCall {
  tool: string;
  input: Readonly<Record<string, unknown>>;
}

/** A wanted call: values that each argument may take; `''` among them: it may be left out. */
export interface WantedCall {
  tool: string;
  input: Readonly<Record<string, readonly unknown[]>>;
}

/** Whether each wanted call was made, in whatever order, and no other. */
export function sameCalls(made: readonly MadeCall[], wanted: readonly WantedCall[]): boolean {
  if (made.length !== wanted.length) return false;
  const left = [...made];
  return wanted.every((want) => {
    const at = left.findIndex((call) => sameCall(call, want));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

/** Whether a call is the one that was wanted. */
export function sameCall({ tool, input }: MadeCall, want: WantedCall): boolean {
  return tool === want.tool && wrongArguments(input, want.input).length === 0;
}

/** Names of arguments that are wrong, missing, or not wanted. */
export function wrongArguments(input: MadeCall['input'], wanted: WantedCall['input']): string[] {
  const unwanted = Object.keys(input).filter((name) => !Object.hasOwn(wanted, name));
  const wrong = Object.entries(wanted).filter(([name, values]) => {
    const value = input[name];
    return value === undefined ? !values.includes('') : !values.some((one) => sameValue(value, one));
  });
  return [...unwanted, ...wrong.map(([name]) => name)];
}

/** Whether a value is an accepted one. */
export function sameValue(value: unknown, accepted: unknown): boolean {
  if (typeof value === 'string') return typeof accepted === 'string' && plain(value) === plain(accepted);
  if (Array.isArray(value)) {
    return Array.isArray(accepted) && value.length === accepted.length && value.every((item, i) => sameValue(item, accepted[i]));
  }
  if (typeof value === 'object' && value !== null) {
    // Members are given as values that each may take, or as one value.
    if (typeof accepted !== 'object' || accepted === null || Array.isArray(accepted)) return false;
    const members = Object.entries(accepted).map(([name, values]) => [name, Array.isArray(values) ? values : [values]] as const);
    return wrongArguments(value as MadeCall['input'], Object.fromEntries(members)).length === 0;
  }
  return value === accepted;
}

function plain(text: string): string {
  return text
    .replace(/[ ,./\-_*^]/g, '')
    .toLowerCase()
    .replaceAll("'", '"');
}
