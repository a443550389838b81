// Parts of the DOM tools that need no page: names of keys, of colours, and views as text.
import { describe, expect, test } from 'vitest';
import { colorName, hex, isUnreadable, over, parseColor, white } from '../../../src/tool/dom/color.ts';
import { keyOfCharacter, parseKeys } from '../../../src/tool/dom/keys.ts';
import { renderView } from '../../../src/tool/dom/render-view.ts';

describe('keys', () => {
  test.each([
    ['Enter', { key: 'Enter', code: 'Enter', keyCode: 13 }],
    ['esc', { key: 'Escape', keyCode: 27 }],
    ['Space', { key: ' ', code: 'Space', keyCode: 32 }],
    ['a', { key: 'a', code: 'KeyA', keyCode: 65, shiftKey: false }],
    ['A', { key: 'A', code: 'KeyA', shiftKey: true }],
    ['?', { key: '?', code: 'Slash', shiftKey: true }],
    ['+', { key: '+', code: 'Equal' }],
    ['Control+C', { key: 'c', code: 'KeyC', ctrlKey: true, shiftKey: false }],
    ['Ctrl+Shift+ArrowLeft', { key: 'ArrowLeft', ctrlKey: true, shiftKey: true }],
    ['cmd+v', { key: 'v', metaKey: true }],
    ['Control++', { key: '+', ctrlKey: true }],
    ['é', { key: 'é', code: '' }],
  ])('%s', (name, key) => expect(parseKeys(name)).toMatchObject(key));

  test.each(['', 'Hyper+a', 'Entr', 'a+b'])('%j is none', (name) => {
    expect(() => parseKeys(name)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  test('characters that no key types have no code', () => {
    expect(keyOfCharacter('\n')).toMatchObject({ key: 'Enter', keyCode: 13 });
    expect(keyOfCharacter('あ')).toMatchObject({ key: 'あ', code: '', keyCode: 0 });
  });
});

describe('colours', () => {
  test.each([
    ['rgb(255, 0, 0)', 'red', '#ff0000'],
    ['rgb(0, 128, 0)', 'green', '#008000'],
    ['rgb(0, 0, 255)', 'blue', '#0000ff'],
    ['rgb(255, 165, 0)', 'orange', '#ffa500'],
    ['rgb(255, 255, 0)', 'yellow', '#ffff00'],
    ['rgb(0, 255, 255)', 'cyan', '#00ffff'],
    ['rgb(128, 0, 128)', 'purple', '#800080'],
    ['rgb(255, 0, 255)', 'magenta', '#ff00ff'],
    ['rgb(255, 192, 203)', 'pink', '#ffc0cb'],
    ['rgb(165, 42, 42)', 'brown', '#a52a2a'],
    ['rgb(0 0 0 / 50%)', 'black', '#000000'],
    ['rgb(255, 255, 255)', 'white', '#ffffff'],
    ['rgb(128, 128, 128)', 'gray', '#808080'],
  ])('%s is %s', (text, name, code) => {
    const color = parseColor(text)!;
    expect([colorName(color), hex(color)]).toEqual([name, code]);
  });

  test('what is drawn, and what cannot be read', () => {
    expect(parseColor('none')).toBeUndefined();
    expect(hex(over({ red: 0, green: 0, blue: 0, alpha: 0.5 }, white))).toBe('#808080');
    expect(isUnreadable({ red: 254, green: 254, blue: 254, alpha: 1 }, white)).toBe(true);
    expect(isUnreadable({ red: 0, green: 0, blue: 0, alpha: 0.01 }, white)).toBe(true);
    expect(isUnreadable({ red: 200, green: 200, blue: 200, alpha: 1 }, white)).toBe(false);
  });
});

test('a view as text tells in one line what an element is', () => {
  const box = { x: 1, y: 2, width: 30, height: 40 };
  const view = {
    title: 'Shop',
    omitted: 3,
    elements: [
      { number: 1, role: 'button', name: 'Add "tea"', interactive: true, states: ['disabled' as const], within: 'Tea, 2 €', box },
      { number: 2, role: 'combobox', name: 'Size', interactive: true, value: 'S', options: ['S', 'M'], box },
      { number: 3, role: 'circle', name: '', interactive: false, color: 'red', hex: '#ff0000', box },
    ],
  };
  expect(renderView(view)).toBe(`Page: Shop
[1] button "Add \\"tea\\"" (disabled) in "Tea, 2 €"
[2] combobox "Size" = "S" one of: S | M
[3] red circle at 1,2 size 30×40
… and 3 more elements`);
});
