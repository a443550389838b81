// The command line: what was asked for, or why that cannot be.
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ChunkerSettings } from '../spec/chunker.ts';

/** What `inpage build` is to do. */
export interface BuildCommand {
  command: 'build';
  /** Files and folders. */
  inputs: readonly string[];
  output: string;
  model: { id: string; folder: string } | { id: string; host: string; revision?: string };
  chunker: ChunkerSettings;
  /** Absolute, with a slash at its end. */
  baseUrl?: string;
  /** Threads that embed; undefined: as many as there are cores. */
  threads?: number;
  /** Documents that cannot be read are left out instead of ending it. */
  keepGoing: boolean;
  /** The summary as JSON. */
  json: boolean;
}

/** What was asked for. */
export type Command = BuildCommand | { command: 'help' } | { command: 'version' };

/** A command line that cannot be followed. */
export class UsageError extends Error {}

export const help = `inpage build <folder or files …> [options]

Reads documents (Markdown, HTML, text, PDF), embeds them, and writes an index that a page imports:
  createAssistant({ index: 'index.inpage' })

  -o, --output <file>        where to write                         [index.inpage]
      --models <folder>      folder with the embedding models       [models]
      --model <id>           a folder in it, or the path of one     [all-MiniLM-L6-v2]
      --host <url>           download the model from a hub instead, e.g. https://huggingface.co
      --revision <name>      its branch, tag or commit              [main]
      --base-url <url>       where readers find the documents       [their paths]
      --chunker <type>       heading, sentence or fixed             [heading]
      --chunk-size <tokens>  upper size of a passage                [80]
      --chunk-overlap <n>    tokens that neighbours share           [0; fixed: 32]
      --threads <n>          threads that embed                     [number of cores]
      --keep-going           leave out documents that cannot be read
      --json                 the summary as JSON
  -h, --help
      --version

A page must use the same model as the index: same id, and the same revision where the model is from a hub.
`;

const options = {
  output: { type: 'string', short: 'o' },
  models: { type: 'string' },
  model: { type: 'string' },
  host: { type: 'string' },
  revision: { type: 'string' },
  'base-url': { type: 'string' },
  chunker: { type: 'string' },
  'chunk-size': { type: 'string' },
  'chunk-overlap': { type: 'string' },
  threads: { type: 'string' },
  'keep-going': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/**
 * Reads a command line.
 * @param args without the program's name
 * @param defaultModel used where none is named
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[], defaultModel: string): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.version) return { command: 'version' };
  const [command, ...inputs] = positionals;
  if (values.help || (args.length === 0 && command === undefined)) return { command: 'help' };
  if (command !== 'build')
    throw new UsageError(
      command === undefined ? 'Say what to do: inpage build <folder>' : `There is no command "${command}"; there is "build".`,
    );
  if (inputs.length === 0) throw new UsageError('Name a folder or files: inpage build <folder>');
  return {
    command,
    inputs,
    output: values.output ?? 'index.inpage',
    model: readModel(values, defaultModel),
    chunker: readChunker(values),
    ...(values['base-url'] !== undefined && { baseUrl: readUrl('--base-url', values['base-url']) }),
    ...(values.threads !== undefined && { threads: readNumber('--threads', values.threads, 1, 64) }),
    keepGoing: values['keep-going'] ?? false,
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

type Values = ReturnType<typeof parse>['values'];

function readModel({ model, models, host, revision }: Values, defaultModel: string): BuildCommand['model'] {
  if (host !== undefined) {
    if (models !== undefined) throw new UsageError('The model comes from --models or from --host, not from both.');
    return { id: model ?? defaultModel, host: readUrl('--host', host), ...(revision !== undefined && { revision }) };
  }
  if (revision !== undefined) throw new UsageError('--revision is for a model of a hub: give --host too.');
  // A path names the folder of the model itself.
  if (model !== undefined && models === undefined && /^[./~]|[\\/]$|^\w:[\\/]/.test(model)) {
    const path = resolve(model);
    return { id: basename(path), folder: dirname(path) };
  }
  return { id: model ?? defaultModel, folder: resolve(models ?? 'models') };
}

function readChunker({ chunker, ...values }: Values): ChunkerSettings {
  const size = values['chunk-size'];
  const overlap = values['chunk-overlap'];
  if (chunker !== undefined && chunker !== 'heading' && chunker !== 'sentence' && chunker !== 'fixed') {
    throw new UsageError(`--chunker is "${chunker}"; it must be heading, sentence or fixed.`);
  }
  return {
    ...(chunker !== undefined && { type: chunker }),
    ...(size !== undefined && { maxTokens: readNumber('--chunk-size', size, 16, 2048) }),
    ...(overlap !== undefined && { overlap: readNumber('--chunk-overlap', overlap, 0, 2047) }),
  };
}

function readNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new UsageError(`${name} is "${value}"; it must be a whole number from ${least} to ${most}.`);
}

function readUrl(name: string, value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value.endsWith('/') ? value : `${value}/`;
  throw new UsageError(`${name} is "${value}"; it must be a URL that starts with https:// or http://.`);
}
