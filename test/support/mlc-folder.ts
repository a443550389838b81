// Folders that look like models compiled for web-llm, up to the library in them: what can be tested of loading without a model.
import { commands } from 'vitest/browser';

/** Where the folders lie, for `source.base`. */
export const mlcBase = '/test/.output/mlc/';

/** A WebAssembly module that wants a function which web-llm does not have, as a library of another version does. */
export const otherVersion = 'AGFzbQEAAAABBAFgAAACDwEDZW52B21pc3NpbmcAAA==';

const config = {
  quantization: 'q0f32',
  context_window_size: 512,
  sliding_window_size: -1,
  tokenizer_files: ['tokenizer.json'],
  conv_template: {
    system_template: '{system_message}',
    system_message: '',
    roles: { user: 'user', assistant: 'assistant' },
    seps: ['\n'],
    stop_str: [],
    stop_token_ids: [0],
  },
};

/**
 * Writes a folder.
 * @param changes of `mlc-chat-config.json`
 * @param library in base64; none: it is missing
 */
export async function writeMlcFolder(model: string, library?: string, changes: object = {}): Promise<void> {
  const folder = `test/.output/mlc/${model}`;
  const json = (name: string, value: unknown) => commands.writeFile(`${folder}/${name}`, JSON.stringify(value));
  await json('mlc-chat-config.json', { ...config, ...changes });
  await json('tensor-cache.json', { metadata: {}, records: [{ dataPath: 'params_shard_0.bin', nbytes: 4, records: [] }] });
  await json('tokenizer.json', {});
  await commands.writeFile(`${folder}/params_shard_0.bin`, 'AAAA');
  if (library) await commands.writeFile(`${folder}/${model}.wasm`, library, 'base64');
}

/** Writes the manifest of the folders. @param files by `<model>/<path>`; their facts */
export async function writeMlcManifest(files: Record<string, { bytes: number }>): Promise<void> {
  await commands.writeFile('test/.output/mlc/manifest.json', JSON.stringify(files));
}
