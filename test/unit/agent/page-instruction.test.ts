// Instructions as people write them, read into goals; and how elements are ranked by a phrase.
import { describe, expect, test } from 'vitest';
import { rank } from '../../../src/agent/page/ground.ts';
import { clausesOf, readInstruction } from '../../../src/agent/page/instruction.ts';
import { readPhrase } from '../../../src/agent/page/phrase.ts';
import { solve } from '../../../src/agent/page/writing.ts';
import type { PageElement } from '../../../src/spec/page-view.ts';

/** An element with what matters for ranking. */
const element = (number: number, role: string, name: string, more: Partial<PageElement> = {}): PageElement => ({
  ...{ number, role, name, interactive: true, box: { x: 0, y: 0, width: 10, height: 10 } },
  ...more,
});

describe('instructions', () => {
  test('are cut at their verbs, not inside of quotes', () => {
    expect(clausesOf('Type "salt and enter pepper" into the field, then click Save and close the window.')).toEqual([
      'Type "salt and enter pepper" into the field',
      'click Save',
      'close the window.',
    ]);
  });

  test.each([
    ['Click the "Save draft" button.', [{ do: 'click', target: { label: 'Save draft' } }]],
    ['Open the second tab', [{ do: 'click', target: { place: 1 } }]],
    [
      'Enter "Ada" into the name field and press Submit.',
      [{ do: 'type', text: 'Ada', target: { words: 'name' } }, { do: 'click' }],
    ],
    [
      'Fill in the name "Ada" and the city "Oslo"',
      [
        { do: 'type', text: 'Ada', target: { words: 'name' } },
        { do: 'type', text: 'Oslo', target: { words: 'city' } },
      ],
    ],
    ['Write "Quiet Room" in lower case letters in the box', [{ do: 'type', text: 'quiet room' }]],
    ['Enter the code "x1" into both fields', [{ do: 'type', text: 'x1', all: true }]],
    ['Enter 3:05 PM as the time', [{ do: 'type', text: '15:05' }]],
    ['Set the arrival to 2026-03-09', [{ do: 'date', year: 2026, month: 3, day: 9, target: { words: 'arrival' } }]],
    ['Set the arrival to March 9, 2026', [{ do: 'date', year: 2026, month: 3, day: 9, target: { words: 'arrival' } }]],
    ['Choose Window seat from the dropdown', [{ do: 'choose', options: ['Window seat'] }]],
    ['Select red, green and blue and click OK', [{ do: 'choose', options: ['red', 'green', 'blue'] }, { do: 'click' }]],
    ['Check the 3rd checkbox', [{ do: 'click', target: { place: 2, roles: ['checkbox'] } }]],
    ['Select 12 with the slider', [{ do: 'slide', value: 12 }]],
    ['Drag the card to the top', [{ do: 'drag', to: { place: 0 } }]],
    ['Scroll the list to the bottom', [{ do: 'scroll', to: 'bottom' }]],
    ["Forward Ada's email to Bob", [{ do: 'act', verb: 'forward', within: 'Ada', to: 'Bob' }]],
    ['Find the email by Ada and reply to them with the text "Yes."', [{ do: 'act', verb: 'reply', within: 'Ada', text: 'Yes.' }]],
    ['Wait 3 seconds', [{ do: 'wait', seconds: 3 }]],
    ['How many red circles are there?', [{ do: 'count', target: { color: 'red', roles: ['circle'] } }]],
    ['Order one of each: Tea, Lemon cake', [{ do: 'add', items: ['Tea', 'Lemon cake'] }]],
    ['Select File > Save', [{ do: 'choose', options: ['File > Save'] }]],
    ['Use the search box to enter "tea" and press Search', [{ do: 'type', text: 'tea' }, { do: 'click' }]],
    ['Set 8 with the spinner', [{ do: 'slide', value: 8 }]],
    ['Drag all triangles into the black box', [{ do: 'drag', all: true, to: { onto: { color: 'black' } } }]],
    ['How warm is it in Oslo?', []],
  ])('%s', (instruction, goals) => {
    expect(readInstruction(instruction)).toMatchObject(goals);
    expect(readInstruction(instruction)).toHaveLength(goals.length);
  });
});

describe('grounding', () => {
  const page = [
    element(1, 'text', 'Save your work often', { interactive: false }),
    element(2, 'button', 'Save'),
    element(3, 'button', 'Save as copy'),
    element(4, 'textbox', 'Family name'),
    element(5, 'textbox', 'Given name'),
    element(6, 'button', 'Delete', { within: 'Tea Delete' }),
    element(7, 'button', 'Delete', { within: 'Cake Delete' }),
    element(8, 'circle', '', { color: 'red', interactive: false }),
    element(9, 'circle', '', { color: 'red', interactive: false, box: { x: 0, y: 0, width: 40, height: 40 } }),
  ];

  test.each([
    ['the "Save" button', undefined, 2],
    ['the save as copy button', undefined, 3],
    ['the family name field', undefined, 4],
    ['the 2nd text field', undefined, 5],
    ['delete', 'Cake', 7],
    ['the large red circle', undefined, 9],
    ['the last button', undefined, 7],
  ])('%s (in %s) is [%i]', (words, within, number) => {
    expect(rank(readPhrase(words, within), page)[0]!.element.number).toBe(number);
  });
});

test.each([
  ['3 + 4 =', 7],
  ['6 x 7 =', 42],
  ['x - 2 = 5', 7],
  ['9 - x = 12', -3],
  ['Order 3 + more', undefined],
])('%s gives %s', (text, answer) => {
  expect(solve(text)).toBe(answer);
});
