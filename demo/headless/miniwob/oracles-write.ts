// Scripted policies for tasks that are about writing the right thing.
import { type Hands, ordinal, role } from './hands.ts';
import type { Oracle } from './policy.ts';

const field = role('textbox', 'spinbutton', 'combobox');

/** Writes the first quoted text into the first field. */
const enterQuoted: Oracle = async (hands) => {
  await hands.type(field, hands.quoted[0]!);
  await hands.submit();
};

const enterInCase: Oracle = async (hands) => {
  const [text] = hands.quoted;
  await hands.type(field, /upper case/.test(hands.task) ? text!.toUpperCase() : text!.toLowerCase());
  await hands.submit();
};

const enterDate: Oracle = async (hands) => {
  const [month, day, year] = hands.match(/(\d+)\/(\d+)\/(\d+)/);
  await hands.type(field, `${year}-${month}-${day}`);
  await hands.submit();
};

const enterTime: Oracle = async (hands) => {
  const [hour, minute, half] = hands.match(/(\d+):(\d+)\s*([AP]M)/i);
  const hours = (Number(hour) % 12) + (/pm/i.test(half!) ? 12 : 0);
  await hands.type(field, `${String(hours).padStart(2, '0')}:${minute}`);
  await hands.submit();
};

const enterPassword: Oracle = async (hands) => {
  for (const { number } of await hands.all(field)) await hands.call('type', { element: number, text: hands.quoted[0] });
  await hands.submit();
};

const findWord: Oracle = async (hands) => {
  const place = ordinal(hands.match(/the (\d+)/)[0]!);
  const { name } = await hands.find(role('text'));
  await hands.type(field, name.split(/\s+/)[place]!.replace(/[^a-zA-Z]/g, ''));
  await hands.submit();
};

const copyText: Oracle = async (hands) => {
  const place = ordinal(/the (\d)(?:st|nd|rd)/.exec(hands.task)?.[1] ?? '1');
  const fields = await hands.all(field);
  // A field of one line that is empty takes what the others hold.
  const to = fields.find(({ value }) => value === '')!;
  const from = fields.filter((other) => other !== to)[place]!;
  await hands.call('select_text', { element: from.number });
  await hands.press('Control+C');
  await hands.press('Control+V', { element: to.number });
  await hands.submit();
};

const highlight: Oracle = async (hands) => {
  const place = ordinal(hands.match(/the (\d)/)[0]!);
  await hands.call('select_text', { element: (await hands.all(role('text')))[place]!.number });
  await hands.submit();
};

const logIn: Oracle = async (hands) => {
  for (const [index, text] of hands.quoted.entries()) {
    const which = index === 0 ? /^Username/ : /^Password/;
    await hands.click(which);
    // A window may open in between.
    const [cancel] = await hands.all('Cancel');
    if (cancel) await hands.click(cancel);
    await hands.type(which, text);
  }
  await hands.click('OK');
};

const searchMovie: Oracle = async (hands) => {
  const [genre, director, year] = hands.match(/^Search for (.*) movies directed by (.*) from year (\d+)/);
  await hands.type('Genre', genre!);
  await hands.type('Director', director!);
  await hands.type('Year', year!);
  await hands.submit();
};

/** The table's cells by the ones before them. */
async function readTable(hands: Hands): Promise<Map<string, string>> {
  const cells = await hands.all(role('cell'));
  return new Map(cells.flatMap(({ name }, index) => (index % 2 === 0 ? [[name, cells[index + 1]!.name] as const] : [])));
}

const readValue: Oracle = async (hands) => {
  const [key] = hands.match(/the value of (.*) into the text field/);
  await hands.type(field, (await readTable(hands)).get(key!)!);
  await hands.submit();
};

const readValues: Oracle = async (hands) => {
  const table = await readTable(hands);
  for (const { number, name } of await hands.all(field)) await hands.call('type', { element: number, text: table.get(name) });
  await hands.submit();
};

/** The text that has a problem in it. */
const problem = async (hands: Hands, pattern: RegExp) => {
  const { name } = await hands.find(({ role, name }) => role === 'text' && pattern.test(name));
  return pattern.exec(name)!.slice(1);
};

const calculate: Oracle = async (hands) => {
  const [first, sign, second] = await problem(hands, /^(\d+) ([-+x]) (\d+) =/);
  const [left, right] = [Number(first), Number(second)];
  await hands.type(field, String(sign === '+' ? left + right : sign === '-' ? left - right : left * right));
  await hands.submit();
};

const solve: Oracle = async (hands) => {
  const [first, sign, second, result] = await problem(hands, /^(x|\d+) ([-+]) (x|\d+) = (-?\d+)$/);
  const known = Number(first === 'x' ? second : first);
  const total = Number(result);
  const x = sign === '+' ? total - known : first === 'x' ? total + known : known - total;
  await hands.type(field, String(x));
  await hands.submit();
};

const countBlocks: Oracle = async (hands) => {
  const blocks = await hands.all(role('shape'));
  await hands.type(field, String(blocks.length));
  await hands.submit();
};

const guess: Oracle = async (hands) => {
  let [low, high] = [0, 9];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    await hands.type(field, String(middle));
    await hands.submit();
    const told = (await hands.all(role('text'))).map(({ name }) => name).join(' ');
    if (/lower than/.test(told)) high = middle - 1;
    else if (/higher than/.test(told)) low = middle + 1;
    else return;
  }
};

const complete: Oracle = async (hands) => {
  const [start, end = ''] = hands.quoted;
  await hands.type(field, start!);
  await hands.call('wait', { seconds: 0.6 });
  const options = await hands.all(
    ({ role, name }) => /menuitem|option|listitem|clickable|text/.test(role) && name.startsWith(start!),
  );
  await hands.click(options.find(({ name }) => name.endsWith(end))!);
  await hands.submit();
};

const terminal: Oracle = async (hands) => {
  const extension = /extension (\.\S+)/.exec(hands.task)?.[1];
  await hands.call('wait', { seconds: 0.3 });
  await hands.call('type', { text: 'ls', append: true, submit: true });
  const lines = (await hands.all(role('text'))).map(({ name }) => name);
  const files = lines[lines.findLastIndex((line) => /\$ ls$/.test(line)) + 1]!.split(/\s+/);
  const file = files.find((name) => (extension ? name.endsWith(extension) : !name.includes('.')))!;
  await hands.call('type', { text: `rm ${file}`, append: true, submit: true });
};

const checkAndEnter: Oracle = async (hands) => {
  const [radio, box] = hands.match(/the (\d)\w\w radio button.*the (\d)\w\w textbox/);
  await hands.click((await hands.all(role('radio')))[ordinal(radio!)]!);
  await hands.type((await hands.all(field))[ordinal(box!)]!, hands.quoted[0]!);
  await hands.submit();
};

/** Moves the handle of a slider by the arrow keys to the number that the task names. */
async function slide(hands: Hands, goal: number): Promise<void> {
  const { name } = await hands.find(({ role, name }) => role === 'text' && /^-?\d+$/.test(name));
  const handle = await hands.find(({ interactive, role, name }) => interactive && /slider/.test(name + role));
  const steps = goal - Number(name);
  if (steps !== 0) await hands.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft', { element: handle.number, times: Math.abs(steps) });
}

const useSlider: Oracle = async (hands) => {
  await slide(hands, Number(hands.match(/Select (-?\d+) with the slider/)[0]));
  const place = /the (\d)\w\w checkbox/.exec(hands.task)?.[1];
  if (place) await hands.click((await hands.all(role('checkbox')))[ordinal(place)]!);
  await hands.submit();
};

export const writing: Record<string, Oracle> = {
  'copy-paste': copyText,
  'copy-paste-2': copyText,
  'enter-date': enterDate,
  'enter-password': enterPassword,
  'enter-text-2': enterInCase,
  'enter-text-dynamic': enterQuoted,
  'enter-time': enterTime,
  'find-word': findWord,
  'form-sequence': useSlider,
  'form-sequence-2': checkAndEnter,
  'guess-number': guess,
  'highlight-text-2': highlight,
  'login-user-popup': logIn,
  'multi-orderings': searchMovie,
  'read-table': readValue,
  'read-table-2': readValues,
  'simple-algebra': solve,
  'simple-arithmetic': calculate,
  terminal,
  'use-autocomplete': complete,
  'use-slider': useSlider,
  'visual-addition': countBlocks,
};
