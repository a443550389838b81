// Scripted policies for tasks that are about finding the right thing to click.
import { type Hands, ordinal, role } from './hands.ts';
import { pause } from './pause.ts';
import type { Oracle } from './policy.ts';

/** Clicks what is named in quotes. */
const clickQuoted: Oracle = (hands) => hands.click(hands.quoted[0]!);

/** Chooses a day in a calendar that opens from a field. */
const chooseDate: Oracle = async (hands) => {
  const [month, day] = hands.match(/(\d+)\/(\d+)\/\d+/).map(Number);
  await hands.click(/^Date/);
  await pause(400);
  const names = 'January February March April May June July August September October November December'.split(' ');
  for (let turn = 0; turn < 12; turn++) {
    const shown = await hands.find(({ name }) => names.some((month) => name.startsWith(month)));
    if (shown.name.startsWith(names[month! - 1]!)) break;
    await hands.click(/^prev/i);
  }
  await hands.click(String(day));
  await hands.submit();
};

/** Checks boxes by the names that stand between commas. */
const checkNamed: Oracle = async (hands) => {
  const [names] = hands.match(/^Select (.*) and click Submit\.$/);
  for (const name of names!.split(', ')) if (name !== 'nothing') await hands.click(name);
  await hands.submit();
};

const expandAndSubmit: Oracle = async (hands) => {
  await hands.click(/^Section/);
  await pause(600);
  await hands.submit();
};

const clickInDialog: Oracle = async (hands) => {
  const [label] = hands.quoted;
  await hands.click(label === 'x' ? /close/i : label!);
};

/** Looks for a link under one tab after another. */
const searchTabs: Oracle = async (hands) => {
  const [label] = hands.quoted;
  const isLink = ({ name, role }: { name: string; role: string }) => name === label && role === 'clickable';
  for (const { name } of await hands.all(role('tab'))) {
    const [link] = await hands.all(isLink);
    if (link) return hands.click(link);
    await hands.click(({ name: other, role }) => role === 'tab' && other === name);
  }
  await hands.click(isLink);
};

const clickTab: Oracle = (hands) => hands.click(hands.match(/(Tab #\d)/)[0]!);

/** Chooses from a menu that unfolds in a drawing. */
const clickPie: Oracle = async (hands) => {
  await hands.click(({ role, name }) => role === 'text' && name === '+');
  await pause(50);
  await hands.click(({ role, name }) => role === 'text' && name === hands.quoted[0]);
};

/** Clicks the patches of one hue. */
const clickShades: Oracle = async (hands) => {
  const [wanted] = hands.match(/shades of (\w+)/);
  for (const patch of await hands.all(role('shape'))) {
    const channels = [1, 3, 5].map((start) => Number.parseInt(patch.hex!.slice(start, start + 2), 16));
    const strongest = ['red', 'green', 'blue'][channels.indexOf(Math.max(...channels))];
    if (strongest === wanted) await hands.click(patch);
  }
  await hands.submit();
};

const focusField: Oracle = async (hands) => {
  const place = /\d(?:st|nd|rd)/.exec(hands.task)?.[0] ?? '1st';
  await hands.click((await hands.all(role('textbox')))[ordinal(place)]!);
};

const markParity: Oracle = async (hands) => {
  const numbers = (await hands.all(({ role, name }) => role === 'text' && /^-?\d+$/.test(name))).map(({ name }) => Number(name));
  const buttons = { odd: await hands.all('Odd'), even: await hands.all('Even') };
  for (const [row, number] of numbers.entries()) await hands.click(buttons[number % 2 === 0 ? 'even' : 'odd'][row]!);
  await hands.submit();
};

/** Adds dishes by name or by kind; the kinds are told by pictures beside the names. */
const orderFood: Oracle = async (hands) => {
  const [named] = /^Order one of each item: (.*)$/.exec(hands.task)?.slice(1) ?? [];
  const [count, kind] = named ? [1, ''] : hands.match(/^Order (\d+) items that are ([\w-]+)/);
  const dishes = named ? named.split(/,\s+/).map((dish) => dish.trim()) : [kind!];
  for (const dish of dishes) {
    const elements = await hands.read();
    const place = elements.findIndex(({ role, name }) => name === dish && (role === 'text' || role === 'image'));
    const signs = elements.slice(place).find(({ name }) => name.endsWith('+'))!;
    for (let time = 0; time < Number(count); time++) await hands.click(signs, { text: '+' });
  }
  await hands.click('Order!');
};

const chooseInForm: Oracle = async (hands) => {
  const [height] = hands.match(/^Choose (.*) from the dropdown/);
  const list = await hands.all(role('combobox'));
  if (list[0]) await hands.call('select', { element: list[0].number, options: [height] });
  else {
    await hands.click(({ interactive, role }) => interactive && role !== 'button');
    await pause(100);
    await hands.click(({ name }) => name === height);
  }
  await hands.click(hands.quoted[0]!);
};

const generateNumber: Oracle = async (hands) => {
  const fits = (number: number) => {
    const limit = Number(/than (\d+)/.exec(hands.task)?.[1]);
    if (/less than/.test(hands.task)) return number < limit;
    if (/greater than/.test(hands.task)) return number > limit;
    return Math.abs(number % 2) === (/odd/.test(hands.task) ? 1 : 0);
  };
  for (let turn = 0; turn < 100; turn++) {
    await hands.click('Generate');
    const { name } = await hands.find(({ role, name }) => role === 'text' && /^\d+$/.test(name));
    if (fits(Number(name))) break;
  }
  await hands.submit();
};

const socialMedia: Oracle = async (hands) => {
  const [user, action] = hands.match(/For the user (\S+), click on the "(.*)" button/);
  const ofUser = (name: RegExp) => (element: { name: string; role: string; within?: string }) =>
    name.test(element.name) && new RegExp(`(?:^|\\s)${user}(?:\\s|$)`).test(element.within ?? '');
  if (/^(?:Reply|Retweet|Like)$/.test(action!)) return hands.click(ofUser(new RegExp(`^${action}`, 'i')));
  await hands.click(ofUser(/^more/i));
  await hands.click(({ name }) => name.startsWith(action!));
};

const buttonDelay: Oracle = async (hands) => {
  await hands.click('ONE');
  await hands.call('wait', { seconds: Number(hands.match(/wait (\d+) seconds/)[0]) });
  await hands.click('TWO');
};

/** Watches which button lights up, then repeats it. */
const simonSays: Oracle = async (hands) => {
  const buttons = async () => hands.all(role('button'));
  const first = await buttons();
  const lit: number[] = [];
  let last = -1;
  for (let quiet = performance.now(); performance.now() - quiet < 1200; await pause(25)) {
    const now = (await buttons()).findIndex(({ hex }, index) => hex !== first[index]?.hex);
    if (now >= 0 && now !== last) lit.push(now);
    if (now >= 0) quiet = performance.now();
    last = now;
  }
  for (const index of lit) await hands.click(first[index]!);
};

const signAgreement: Oracle = async (hands) => {
  if (/^Click the cancel/.test(hands.task)) return hands.click('Cancel');
  const [name, button] = hands.quoted;
  await hands.call('scroll', { element: (await hands.find(role('textbox'))).number, to: 'bottom' });
  await pause(50);
  await hands.type('Name', name!);
  await hands.click(button!);
};

const scrollText: Oracle = async (hands: Hands) => {
  const [to] = hands.match(/to the (top|bottom)/);
  await hands.call('scroll', { element: (await hands.find(role('textbox'))).number, to });
  await hands.submit();
};

export const choosing: Record<string, Oracle> = {
  'button-delay': buttonDelay,
  'choose-date': chooseDate,
  'choose-date-easy': chooseDate,
  'choose-date-medium': chooseDate,
  'click-button': clickQuoted,
  'click-checkboxes-transfer': checkNamed,
  'click-collapsible': expandAndSubmit,
  'click-collapsible-nodelay': expandAndSubmit,
  'click-dialog-2': clickInDialog,
  'click-link': clickQuoted,
  'click-option': checkNamed,
  'click-pie-nodelay': clickPie,
  'click-shades': clickShades,
  'click-tab': clickTab,
  'click-tab-2-easy': searchTabs,
  'click-tab-2-hard': searchTabs,
  'click-test': (hands) => hands.click('Click Me!'),
  'focus-text': focusField,
  'focus-text-2': focusField,
  'form-sequence-3': chooseInForm,
  'generate-number': generateNumber,
  'odd-or-even': markParity,
  'order-food': orderFood,
  'scroll-text-2': scrollText,
  'sign-agreement': signAgreement,
  'simon-says': simonSays,
  'social-media': socialMedia,
  'unicode-test': clickQuoted,
};
