// The chat model that the terminal asks for, by the library that runs it.
import { type AssistantOptions, webLlm, wllama } from '../../src/index.ts';
import { compiledBase, compiledModels } from '../compiled-models.ts';

export interface ChatModelSettings {
  /** @default 'transformers' */
  backend?: string;
  /** @default by backend */
  model?: string;
  device: NonNullable<AssistantOptions['device']>;
  /** Where the models lie. */
  base: string;
}

type Choice = AssistantOptions['llm'];

const backends: Record<string, (settings: ChatModelSettings) => Choice | Promise<Choice>> = {
  transformers: ({ model }) => model,
  'web-llm': async ({ model, device, base }) => {
    const [first] = await compiledModels(base);
    const chosen = model ?? first;
    if (!chosen)
      throw new Error('There is no compiled model in models/mlc/. Put one there, or name one of web-llm with --model.');
    if (device === 'wasm') throw new Error('web-llm runs on WebGPU only. Leave --device out.');
    return webLlm({ model: chosen, source: { base: compiledBase(base) }, device });
  },
  wllama: ({ model: file = '', device }) => {
    if (device === 'webgpu') throw new Error('wllama runs on the CPU here. Leave --device out.');
    return wllama({ model: file.replace(/\.gguf$/, ''), file, source: { base: new URL('gguf/', document.baseURI).href } });
  },
};

/** @throws Error for a backend that there is not */
export async function chatModel(settings: ChatModelSettings): Promise<Choice> {
  const { backend = 'transformers' } = settings;
  const make = backends[backend];
  if (!make) throw new Error(`--backend is ${Object.keys(backends).join(' or ')}, not "${backend}".`);
  return make(settings);
}
