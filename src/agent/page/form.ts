// A form as a tool: its fields are arguments, and what a request tells of them is found as it is for any call.
import type { JsonSchema } from '../../spec/output.ts';
import type { PageElement } from '../../spec/page-view.ts';
import { fillArguments } from '../fill/fill-arguments.ts';
import { readDates, readTimes } from '../fill/read-dates.ts';
import { readRequest } from '../fill/request.ts';
import { functionWords, readWords } from '../fill/words.ts';
import { fitted } from '../plan-weights.ts';
import { isField, plainName } from './ground.ts';
import { type PageHands, Stuck, type Work } from './page-hands.ts';

/** A value that is less sure than this is left to the user. */
const leastSure = 0.2;

/** An argument, and the elements that it is set by. */
interface Field {
  schema: JsonSchema;
  elements: readonly PageElement[];
}

/** The fields of a page by names that say what they are. */
export function fieldsOf(elements: readonly PageElement[]): Map<string, Field> {
  const fields = new Map<string, Field>();
  const add = (label: string, schema: Record<string, unknown>, ...set: PageElement[]) => {
    const name = plainName(label).replace(/[^\p{L}\p{N}]+/gu, '_');
    if (name)
      fields.set(fields.has(name) ? `${name}_${fields.size}` : name, {
        schema: { ...schema, description: label },
        elements: set,
      });
  };
  const free = elements.filter(({ states = [] }) => !states.includes('disabled') && !states.includes('readonly'));
  for (const element of free) {
    const { role, type, name, options } = element;
    if (options) add(name, { type: 'string', enum: options.filter(Boolean) }, element);
    else if (role === 'checkbox') add(name, { type: 'boolean' }, element);
    else if (role === 'spinbutton' || type === 'number') add(name, { type: 'number' }, element);
    else if (type === 'date')
      add(`${name} date`, { type: 'string', format: 'date', description: `${name}: the date as YYYY-MM-DD` }, element);
    else if (type === 'time')
      add(`${name} time`, { type: 'string', format: 'time', description: `${name}: the time as HH:MM` }, element);
    else if (['textbox', 'searchbox', 'combobox'].includes(role) && type !== 'password') add(name, { type: 'string' }, element);
  }
  const radios = free.filter(({ role }) => role === 'radio');
  for (const group of new Set(radios.map(({ within = '' }) => within))) {
    const choices = radios.filter(({ within = '' }) => within === group);
    add(group || 'choice', { type: 'string', enum: choices.map(({ name }) => name) }, ...choices);
  }
  return fields;
}

/** Fills a form with what a request tells. @throws Stuck where it tells nothing of its fields */
export async function* fillForm(hands: PageHands, text: string): Work {
  const elements = yield* hands.read();
  const fields = fieldsOf(elements);
  const properties = Object.fromEntries([...fields].map(([name, { schema }]) => [name, schema]));
  const description = elements.find(({ role }) => role === 'heading')?.name ?? 'Fills in the form';
  // What is not there is not set; but a field is there to be filled.
  const required = [...fields].filter(([, { elements }]) => isField(elements[0]!)).map(([name]) => name);
  const tool = { name: 'form', description, schema: { type: 'object', properties, required } };
  const { embedder, signal } = hands.run;
  const filled = await fillArguments(readRequest(text), tool, embedder, { signal, weights: fitted.values });
  const used: string[] = [];
  const open: Field[] = [];
  for (const { parameter, chosen } of filled.arguments) {
    const field = fields.get(parameter.path[0]!);
    const told = chosen?.value;
    if (!field) continue;
    if (told === undefined || told === false || chosen!.probability < leastSure) {
      if (isField(field.elements[0]!) && !field.elements[0]!.type) open.push(field);
      continue;
    }
    if (told === true && !sharesWord(field.elements[0]!.name, text)) continue;
    try {
      yield* setField(hands, field, told);
      used.push(String(told));
    } catch (error) {
      // A value that its field does not take is left to the user, like one that was not found.
      if (!(error instanceof Stuck)) throw error;
    }
  }
  const left = open.length === 1 ? leftOver(text, used, elements) : undefined;
  if (left !== undefined) yield* setField(hands, open[0]!, left);
  if (used.length === 0) throw new Stuck('The task tells nothing of the fields of the page.');
}

/** The one word of a request that nothing in the page and no value accounts for; undefined where there is none, or more. */
function leftOver(text: string, used: readonly string[], elements: readonly PageElement[]): string | undefined {
  const told = [...used, ...elements.map(({ name }) => name)].flatMap(readWords);
  const left = readWords(text).filter(
    ({ lower, stem }) => !functionWords.has(lower) && !told.some((other) => isAkin(other.stem, stem)),
  );
  return left.length === 1 ? left[0]!.text : undefined;
}

/** Whether two stems begin with the same five letters, as "direct" and "director" do. */
const isAkin = (first: string, second: string) =>
  first === second || (first.length > 4 && first.slice(0, 5) === second.slice(0, 5));

/** Whether a text has a word of a label, with at least four letters, in it. */
function sharesWord(label: string, text: string): boolean {
  const words = plainName(text).split(/[^\p{L}\p{N}]+/u);
  return plainName(label)
    .split(/[^\p{L}\p{N}]+/u)
    .some((word) => word.length > 3 && words.includes(word));
}

async function* setField(hands: PageHands, { elements }: Field, value: unknown): Work {
  const [first] = elements as [PageElement];
  if (first.options) yield* hands.act('select', { element: first.number, options: [String(value)] });
  else if (first.role === 'radio') yield* hands.click(elements.find(({ name }) => name === value) ?? first);
  else if (first.role !== 'checkbox') yield* hands.type(first, asTyped(first, String(value)));
  else if (!first.states?.includes('checked')) yield* hands.click(first);
}

/** A date or time as its field takes it. */
function asTyped({ type }: PageElement, value: string): string {
  const [mention] = type === 'date' ? readDates(value) : type === 'time' ? readTimes(value) : [];
  return mention ? String(mention.value) : value;
}
