// Scripted policies for tasks with drawings, things that move, and mail.
import type { PageElement } from '../../../src/spec/page-view.ts';
import { type Hands, middle, role } from './hands.ts';
import { pause } from './pause.ts';
import type { Oracle } from './policy.ts';

/** Clicks a point of the drawing, kept inside it. */
async function clickPoint(hands: Hands, { x, y }: { x: number; y: number }): Promise<void> {
  const drawing = await hands.find(role('drawing'));
  const inside = (value: number, length: number) => Math.min(length - 6, Math.max(6, value));
  await hands.click(drawing, {
    x: inside(x - drawing.box.x, drawing.box.width),
    y: inside(y - drawing.box.y, drawing.box.height),
  });
}

const between = (share: number, first: { x: number; y: number }, second: { x: number; y: number }) => ({
  x: first.x + (second.x - first.x) * share,
  y: first.y + (second.y - first.y) * share,
});

const clickMidpoint: Oracle = async (hands) => {
  const [first, second] = (await hands.all(role('circle'))).map(middle);
  await clickPoint(hands, between(0.5, first!, second!));
  await hands.submit();
};

/** From the blue point, along the sum of the unit vectors to the black ones. */
const bisect: Oracle = async (hands) => {
  const circles = await hands.all(role('circle'));
  const vertex = middle(circles.find(({ color }) => color === 'blue')!);
  const [first, second] = circles.filter(({ color }) => color !== 'blue').map(middle);
  const distance = ({ x, y }: { x: number; y: number }) => Math.hypot(x - vertex.x, y - vertex.y);
  const share = distance(first!) / (distance(first!) + distance(second!));
  await clickPoint(hands, between(share, first!, second!));
  await hands.submit();
};

/** From the blue point, square to the line to the black one, on the side with more room. */
const rightAngle: Oracle = async (hands) => {
  const circles = await hands.all(role('circle'));
  const { box } = await hands.find(role('drawing'));
  const vertex = middle(circles.find(({ color }) => color === 'blue')!);
  const other = middle(circles.find(({ color }) => color !== 'blue')!);
  const length = Math.hypot(other.x - vertex.x, other.y - vertex.y);
  const room = ({ x, y }: { x: number; y: number }) =>
    Math.min(x - box.x, y - box.y, box.x + box.width - x, box.y + box.height - y);
  const points = [1, -1].flatMap((side) =>
    [15, 25, 40].map((reach) => ({
      x: vertex.x + (side * reach * (vertex.y - other.y)) / length,
      y: vertex.y - (side * reach * (vertex.x - other.x)) / length,
    })),
  );
  const inside = points.filter((point) => room(point) > 7);
  await clickPoint(hands, inside.at(-1) ?? points.sort((first, second) => room(second) - room(first))[0]!);
  await hands.submit();
};

const clickCoordinate: Oracle = async (hands) => {
  const [x, y] = hands.match(/\((-?\d), ?(-?\d)\)/).map(Number);
  const circles = (await hands.all(role('circle'))).map((element) => ({ element, ...middle(element) }));
  const columns = [...new Set(circles.map((circle) => Math.round(circle.x)))].sort((first, second) => first - second);
  const rows = [...new Set(circles.map((circle) => Math.round(circle.y)))].sort((first, second) => first - second);
  const meant = circles.find((circle) => Math.round(circle.x) === columns[x! + 2] && Math.round(circle.y) === rows[2 - y!])!;
  await hands.click(meant.element);
};

const nameShape: Oracle = async (hands) => {
  const { role: kind, name } = await hands.find(role('circle', 'rectangle', 'triangle', 'polygon', 'text'));
  const label = kind !== 'text' ? kind : /\d/.test(name) ? 'number' : 'letter';
  await hands.click(new RegExp(`^${label}$`, 'i'));
};

const dragShape: Oracle = async (hands) => {
  const [direction] = hands.match(/(left|right|up|down)/);
  const [dx, dy] = { left: [-15, 0], right: [15, 0], up: [0, -15], down: [0, 15] }[direction as 'left']!;
  const shape = await hands.find(role('circle', 'rectangle', 'triangle', 'polygon'));
  await hands.call('drag', { element: shape.number, dx, dy });
  await hands.submit();
};

const dragItem: Oracle = async (hands) => {
  const [name, where] = hands.match(/^Drag (\S+) (.*)\.$/);
  const items = await hands.all(({ role, name }) => /text|listitem|clickable/.test(role) && /^[\w-]+$/.test(name));
  const from = items.findIndex((item) => item.name === name);
  const place = /(\d+)\w\w position/.exec(where!)?.[1];
  const to = place
    ? Number(place) - 1
    : /top/.test(where!)
      ? 0
      : /bottom/.test(where!)
        ? items.length - 1
        : from + (/down/.test(where!) ? 1 : -1);
  await hands.call('drag', { element: items[from]!.number, to: items[to]!.number, position: to > from ? 'after' : 'before' });
};

/** Stays on the circle until the page has had enough. */
const chase: Oracle = async (hands) => {
  for (let end = performance.now() + 12_000; performance.now() < end; await pause(60)) {
    await hands.call('hover', { element: (await hands.find(role('circle'))).number });
  }
};

const catchAll: Oracle = async (hands) => {
  for (let end = performance.now() + 10_500; performance.now() < end; await pause(30)) {
    const elements = await hands.read();
    const drawing = elements.find(role('drawing'))!;
    const caught = elements.find(
      (element) =>
        element.role === 'circle' &&
        middle(element).x > drawing.box.x + 8 &&
        middle(element).x < drawing.box.x + drawing.box.width - 8,
    );
    if (!caught) continue;
    const { x, y } = middle(caught);
    await hands.click(drawing, { x: x - drawing.box.x, y: y - drawing.box.y });
  }
};

const buyStock: Oracle = async (hands) => {
  const limit = Number(hands.match(/less than \$(\d+\.?\d*)/)[0]);
  const buy = await hands.find('Buy');
  for (let end = performance.now() + 20_000; performance.now() < end; await pause(20)) {
    const { name } = await hands.find(({ name }) => name.startsWith('Stock price'));
    const price = Number(/\$([\d.]+)/.exec(name)?.[1]);
    if (price <= limit) return hands.click(buy);
  }
};

/** The sender and the one to forward to, among the names in the inbox, by where they stand in the task. */
function namesIn(task: string, threads: readonly PageElement[]): { sender: string; recipient: string } {
  const all = [...new Set(threads.map(({ name }) => name.split(' ')[0]!))];
  const found = all.filter((name) => new RegExp(`\\b${name}\\b`).test(task));
  const recipient =
    found.find((name) =>
      new RegExp(`\\bto ${name}\\b|(?:forward|Forward|send|Send|Give|give) ${name}\\b(?!'s)|^${name} needs`).test(task),
    ) ??
    /forward.* to (\w+)\.?$/i.exec(task)?.[1] ??
    '';
  const sender = found.find((name) => name !== recipient || found.length === 1) ?? '';
  return { sender, recipient };
}

const mail: Oracle = async (hands) => {
  const threads = await hands.all(({ role, name }) => role === 'clickable' && / /.test(name) && !/^open|search/.test(name));
  const { sender, recipient } = namesIn(hands.task, threads);
  const thread = threads.find(({ name }) => name.startsWith(`${sender} `))!;
  const [text] = hands.quoted;
  const icon = async (name: RegExp) =>
    hands.click((element) => name.test(element.name) && element.within?.startsWith(`${sender} `) === true);
  if (text !== undefined) {
    await hands.click(thread);
    await hands.click(({ name }) => name === 'Reply');
    await hands.type(role('textbox'), text);
    await hands.click(({ name }) => /send/.test(name));
  } else if (recipient) {
    await hands.click(thread);
    await hands.click(({ name }) => name === 'Forward');
    await hands.type(role('textbox'), recipient);
    await hands.click(({ name }) => /send/.test(name));
  } else if (/delete|trash|remove|get rid|erase/i.test(hands.task)) await icon(/trash/);
  else await icon(/star/);
};

export const drawing: Record<string, Oracle> = {
  'bisect-angle': bisect,
  'chase-circle': chase,
  'drag-circle': dragShape,
  'drag-items': dragItem,
  'drag-single-shape': dragShape,
  'email-inbox-delete': mail,
  'email-inbox-forward-nl-turk': mail,
  'email-inbox-nl-turk': mail,
  'email-inbox-noscroll': mail,
  'email-inbox-reply': mail,
  'find-midpoint': clickMidpoint,
  'grid-coordinate': clickCoordinate,
  'identify-shape': nameShape,
  'moving-items': catchAll,
  'right-angle': rightAngle,
  'stock-market': buyStock,
};
