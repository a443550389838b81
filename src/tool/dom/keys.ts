// Keys: from names such as `Control+Enter` to what keyboard events carry (UI Events KeyboardEvent key and code values).
import { InpageError } from '../../util/errors.ts';

/** What a keyboard event carries. */
export interface Key {
  key: string;
  code: string;
  /** Legacy number that many pages still go by. */
  keyCode: number;
}

/** A key with what is held down with it. */
export interface Chord extends Key {
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

const named: Record<string, [code: string, keyCode: number, key?: string]> = {
  Enter: ['Enter', 13],
  Tab: ['Tab', 9],
  Escape: ['Escape', 27],
  Backspace: ['Backspace', 8],
  Delete: ['Delete', 46],
  Space: ['Space', 32, ' '],
  ArrowLeft: ['ArrowLeft', 37],
  ArrowUp: ['ArrowUp', 38],
  ArrowRight: ['ArrowRight', 39],
  ArrowDown: ['ArrowDown', 40],
  Home: ['Home', 36],
  End: ['End', 35],
  PageUp: ['PageUp', 33],
  PageDown: ['PageDown', 34],
  ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, [`F${index + 1}`, 112 + index]])),
};

const aliases: Record<string, string> = {
  ctrl: 'Control',
  cmd: 'Meta',
  command: 'Meta',
  option: 'Alt',
  esc: 'Escape',
  return: 'Enter',
  del: 'Delete',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  up: 'ArrowUp',
  down: 'ArrowDown',
  ' ': 'Space',
};

/** Keys of a US keyboard that are no letters or digits: [unshifted, shifted, code, keyCode]. */
const signs: readonly (readonly [string, string, string, number])[] = [
  ['-', '_', 'Minus', 189],
  ['=', '+', 'Equal', 187],
  ['[', '{', 'BracketLeft', 219],
  [']', '}', 'BracketRight', 221],
  ['\\', '|', 'Backslash', 220],
  [';', ':', 'Semicolon', 186],
  ["'", '"', 'Quote', 222],
  [',', '<', 'Comma', 188],
  ['.', '>', 'Period', 190],
  ['/', '?', 'Slash', 191],
  ['`', '~', 'Backquote', 192],
];

const shiftedDigits = ')!@#$%^&*(';

/** The key that types a character, by a US keyboard; characters that it does not have come without a code. */
export function keyOfCharacter(character: string): Key & { shiftKey: boolean } {
  if (character === '\n') return { ...keyOf('Enter'), shiftKey: false };
  if (character === ' ') return { ...keyOf('Space'), shiftKey: false };
  const upper = character.toUpperCase();
  if (/^[A-Z]$/.test(upper))
    return { key: character, code: `Key${upper}`, keyCode: upper.charCodeAt(0), shiftKey: character === upper };
  const digit = shiftedDigits.indexOf(character);
  if (/^\d$/.test(character))
    return { key: character, code: `Digit${character}`, keyCode: character.charCodeAt(0), shiftKey: false };
  if (digit >= 0) return { key: character, code: `Digit${digit}`, keyCode: 48 + digit, shiftKey: true };
  const sign = signs.find(([plain, shifted]) => plain === character || shifted === character);
  return { key: character, code: sign?.[2] ?? '', keyCode: sign?.[3] ?? 0, shiftKey: sign?.[1] === character };
}

function keyOf(name: string): Key {
  const [code, keyCode, key = name] = named[name]!;
  return { key, code, keyCode };
}

/**
 * Reads the name of a key, alone or with others before it: `Enter`, `a`, `Control+C`, `Shift+Tab`.
 * @throws InpageError `invalid-argument` for a name that is not known
 */
export function parseKeys(text: string): Chord {
  const parts = text === '+' ? ['+'] : text.split(/\+(?=.)/);
  const modifiers = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
  const last = parts.pop() ?? '';
  for (const part of parts) {
    const name = canonical(part);
    if (name === 'Control') modifiers.ctrlKey = true;
    else if (name === 'Shift') modifiers.shiftKey = true;
    else if (name === 'Alt') modifiers.altKey = true;
    else if (name === 'Meta') modifiers.metaKey = true;
    else throw unknown(text);
  }
  const name = canonical(last);
  if (named[name]) return { ...keyOf(name), ...modifiers };
  if ([...last].length !== 1) throw unknown(text);
  const { shiftKey, ...key } = keyOfCharacter(last);
  const held = modifiers.ctrlKey || modifiers.metaKey || modifiers.altKey;
  return { ...key, ...modifiers, shiftKey: modifiers.shiftKey || (shiftKey && !held), ...(held && { key: last.toLowerCase() }) };
}

function canonical(name: string): string {
  const alias = aliases[name.toLowerCase()];
  if (alias) return alias;
  const known = [...Object.keys(named), 'Control', 'Shift', 'Alt', 'Meta'];
  return known.find((candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? name;
}

function unknown(text: string): InpageError {
  return new InpageError(
    'invalid-argument',
    `"${text}" is no key. Write a character or ${Object.keys(named).slice(0, 14).join(', ')}, with Control+, Shift+, Alt+ or Meta+ before it.`,
  );
}
