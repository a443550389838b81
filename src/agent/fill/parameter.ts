// Parameter: what a tool's schema says of one argument, as words.
import type { JsonSchema } from '../../spec/output.ts';
import { unitOf } from './units.ts';
import { functionWords, nameWords, readWords, stem } from './words.ts';

/** What kind of value a parameter takes. */
export type ValueType = 'number' | 'text' | 'boolean' | 'option' | 'numbers' | 'texts' | 'options' | 'other';

/** What a text argument is about; decides which small words lead to it. */
export type Topic =
  | 'origin'
  | 'destination'
  | 'place'
  | 'person'
  | 'group'
  | 'title'
  | 'date'
  | 'formula'
  | 'code'
  | 'language'
  | 'unit'
  | 'currency'
  | 'thing';

/** One argument of a tool. */
export interface Parameter {
  name: string;
  /** Names from the input down to it; more than one inside objects. */
  path: readonly string[];
  /** "name: description", for embedding. */
  text: string;
  description: string;
  schema: Readonly<Record<string, unknown>>;
  type: ValueType;
  topic: Topic;
  /** One end of a way, or of a change. */
  role?: 'origin' | 'destination';
  required: boolean;
  integer: boolean;
  /** Values to choose among, from the schema or the description. */
  options: readonly unknown[];
  /** Values that the description gives as examples, in lower case. */
  examples: readonly string[];
  /** In the schema, or said in the description. */
  default?: string;
  /** Stems of the words of the name, and of the description. */
  nameStems: readonly string[];
  descriptionStems: ReadonlySet<string>;
  /** Units that name and description mention. */
  units: readonly string[];
}

type Schema = Record<string, unknown>;

/** The parameters of an object's schema, in its order; those of an object among them stand in its place. */
export function readParameters(schema: JsonSchema, within: readonly string[] = [], needed = true): Parameter[] {
  if (typeof schema === 'boolean') return [];
  const required = new Set((schema.required as string[] | undefined) ?? []);
  return Object.entries((schema.properties as Record<string, Schema> | undefined) ?? {}).flatMap(([name, each]) => {
    // A name by which nothing can be set.
    if (name === '__proto__') return [];
    const property = typeof each === 'object' ? each : {};
    const path = [...within, name];
    const must = needed && required.has(name);
    if (property.type === 'object' && property.properties && path.length < deepest) return readParameters(property, path, must);
    return [readParameter(path, property, must)];
  });
}

/** Objects inside objects are looked into down to here. */
const deepest = 3;

function readParameter(path: readonly string[], schema: Schema, required: boolean): Parameter {
  const name = path.at(-1)!;
  const description = String(schema.description ?? '');
  const words = path.flatMap(nameWords);
  const text = `${words.join(' ')}: ${description}`;
  const items = schema.items as Schema | undefined;
  const options = (schema.enum ??
    items?.enum ??
    (typeof schema.type === 'string' && /number|integer|boolean/.test(schema.type) ? undefined : saidOptions(description)) ??
    []) as unknown[];
  const said =
    schema.default !== undefined
      ? String(schema.default)
      : /\bdefaults?(?:\s+value)?(?:\s+(?:is|to|it's|will be|of|unit is|units is))*[:\s]+(?:to\s+)?['"‘“]?([^'"’”.,;()]+(?:\.\d+)?)/i
          .exec(description)?.[1]
          ?.trim();
  const own = withoutDefault(description);
  return {
    name,
    path,
    text,
    description,
    schema,
    type: typeOf(schema, options),
    topic: topicOf(words, own),
    ...roleOf(words, own),
    required,
    integer: (schema.type === 'array' ? items?.type : schema.type) === 'integer',
    options,
    examples: Array.from(
      own.matchAll(/(?:e\.g\.?,?|for example,?|such as|like|for instance,?)\s+([^.;)]+(?:\.\d+)?)/gi),
      ([, list]) => list!.toLowerCase(),
    ),
    ...(said !== undefined && { default: said }),
    nameStems: words.map(stem),
    descriptionStems: new Set(
      readWords(own)
        .filter(({ lower }) => !functionWords.has(lower) && !plain.has(lower))
        .map((word) => word.stem),
    ),
    units: [
      ...new Set(
        [...words, ...readWords(own).map((word) => word.text)].map((word) => unitOf(word)).filter((unit) => unit !== undefined),
      ),
    ],
  };
}

/** Words that descriptions say of every parameter. */
const plain = new Set(
  'value name number string list array type specify specified specific optional default parameter format example desired preferred given'.split(
    ' ',
  ),
);

function withoutDefault(description: string): string {
  return description.replace(/[^.;(]*\bdefaults?\b.*$/i, '');
}

function typeOf({ type, items }: Schema, options: readonly unknown[]): ValueType {
  const kind = Array.isArray(type) ? type.find((each) => each !== 'null') : type;
  const inner = (items as Schema | undefined)?.type;
  if (kind === 'boolean') return 'boolean';
  if (kind === 'array') {
    if (options.length > 0) return 'options';
    if (inner === 'number' || inner === 'integer' || inner === 'array') return 'numbers';
    return inner === undefined || inner === 'string' ? 'texts' : 'other';
  }
  if (options.length > 0) return 'option';
  if (kind === 'number' || kind === 'integer') return 'number';
  return kind === 'string' || kind === undefined ? 'text' : 'other';
}

/** Choices that a description spells out: quoted ones, or words after "options are". */
function saidOptions(description: string): string[] | undefined {
  const own = description.replace(/[^.;(]*\bdefaults?\b[^.;)]*/i, '');
  const quoted = Array.from(
    own.matchAll(/(?<![\p{L}\p{N}])(?:'([^']{1,30})'|"([^"]{1,30})"|‘([^’]{1,30})’)/gu),
    (match) => match.slice(1).find(Boolean)!,
  );
  const open = /\b(?:e\.g|for example|for instance|such as|like|etc|format|i\.e)\b/i.test(own);
  if (quoted.length > 1 && !open) return [...new Set(quoted)];
  const [, list] =
    /\b(?:can be|could be|must be|options?(?: are| include)?|choices?(?: are)?|one of|either|choose (?:from|between)|possible values(?: are)?)[:\s]+(?:either\s+)?([\w'" -]+(?:(?:,\s*(?:or\s+)?|\s+or\s+|\/)[\w'" -]+)+)/i.exec(
      own,
    ) ?? [];
  if (!list || open) return undefined;
  const parts = list.split(/,\s*(?:or\s+)?|\s+or\s+|\//).map((part) => part.trim().replace(/^['"]|['"]$/g, ''));
  return parts.every((part) => part && part.split(' ').length <= 3) ? parts : undefined;
}

const topics: readonly [Topic, RegExp, RegExp?][] = [
  ['currency', /\bcurrenc/, /\bcurrency\b/i],
  ['unit', /\bunits?\b|^(?:scale|system)$/],
  [
    'date',
    /\b(?:date|day|birthday|deadline|check in|check out|checkin|checkout)\b/,
    /\b(?:yyyy|date of|the date|date in|date for)\b/i,
  ],
  [
    'formula',
    /\b(?:function|equation|expression|polynomial|formula)\b/,
    /\bfunction to|polynomial function|mathematical function|equation\b/i,
  ],
  ['language', /\blanguage\b/],
  ['code', /\b(?:id|path|url|email|file|docket|isbn|zip|code|sequence|ticker|number)\b/],
  [
    'origin',
    /\b(?:origin|from|source|start|starting|departure|initial|base|pickup|begin)\b/,
    /\b(?:starting (?:point|location)|departure|convert from|origin)\b/i,
  ],
  [
    'destination',
    /\b(?:destination|to|target|end|arrival|dropoff|final|dest)\b/,
    /\b(?:destination|arrival|end(?:ing)? (?:point|location)|convert to)\b/i,
  ],
  [
    'place',
    /\b(?:location|city|place|country|state|region|area|address|province|county|venue|court|site)\b/,
    /\b(?:city|country|location|region|state where|place)\b/i,
  ],
  [
    'person',
    /\b(?:person|player|artist|author|actor|actress|director|composer|scientist|president|athlete|painter|sculptor|user|driver)\b/,
    /\b(?:name of the (?:person|player|artist|author|actor|scientist|singer)|person)\b/i,
  ],
  [
    'group',
    /\b(?:company|team|brand|league|club|organi[sz]ation|store|bank|university|airline|hotel|museum|firm)\b/,
    /\b(?:company|team|brand)\b/i,
  ],
  ['title', /\b(?:title|book|movie|film|song|album|game|event|painting|artwork|name)\b/],
];

function topicOf(words: readonly string[], description: string): Topic {
  const name = words.join(' ');
  return (
    (topics.find(([, inName]) => inName.test(name)) ??
      topics.find(([, , inDescription]) => inDescription?.test(description)))?.[0] ?? 'thing'
  );
}

function roleOf(words: readonly string[], description: string): Pick<Parameter, 'role'> {
  const name = words.join(' ');
  for (const role of ['origin', 'destination'] as const) {
    const [, inName, inDescription] = topics.find(([topic]) => topic === role)!;
    if (inName.test(name)) return { role };
    if (inDescription!.test(description)) return { role };
  }
  return {};
}
