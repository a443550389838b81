// The script tag. It registers `<inpage-chat>`, and puts one on the page where the tag says what to read:
// `<script src="inpage.global.js" data-source="main">`. All else is a module beside it, loaded when it is first needed.
import type * as Api from './index.ts';
import { defineChat } from './ui/index.ts';

type Everything = typeof Api;
type Deferred = (typeof deferred)[number];

/** What gives a promise can wait for the module, and is there at once. */
const deferred = [
  'createAssistant',
  'openStore',
  'loadSource',
  'probeDevice',
  'listModels',
  'deleteModel',
  'listCollections',
  'deleteCollection',
] as const;

const load = () => import('./index.ts');

const scope = globalThis as unknown as { inpage?: Pick<Everything, Deferred> & { load(): Promise<Everything> } };

/** Attributes of the tag that are settings: `data-source` becomes `source`. */
function mount({ dataset }: HTMLScriptElement): void {
  if (dataset.source === undefined && dataset.index === undefined) return;
  const chat = document.createElement('inpage-chat');
  for (const [name, value] of Object.entries(dataset)) chat.setAttribute(name, value ?? '');
  document.body.append(chat);
}

if (scope.inpage) console.warn('inpage is already on this page; the second script is ignored.');
else {
  const call =
    (name: Deferred) =>
    async (...values: never[]) =>
      ((await load())[name] as (...values: never[]) => unknown)(...values);
  const functions = Object.fromEntries(deferred.map((name) => [name, call(name)])) as unknown as Pick<Everything, Deferred>;
  scope.inpage = { ...functions, load };
  defineChat();
  // Known only while the script runs for the first time.
  const script = document.currentScript as HTMLScriptElement | null;
  if (script && document.body && document.readyState !== 'loading') mount(script);
  else if (script) document.addEventListener('DOMContentLoaded', () => mount(script), { once: true });
}
