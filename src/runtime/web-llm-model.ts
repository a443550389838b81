// A model compiled for web-llm: what its files are called and where they lie.
// A folder has `mlc-chat-config.json`, `tensor-cache.json`, the shards that this one names, a tokenizer and the compiled library.
import type { ModelFile, ModelSource } from '../spec/model.ts';
import { InpageError } from '../util/errors.ts';
import { ModelFiles } from './download.ts';
import type { ModelRequest } from './model-request.ts';

/** The module of web-llm. */
export type WebLlmLibrary = typeof import('@mlc-ai/web-llm');

/** How turns become text; the parts of `conv_template` that are read here. */
export interface ConversationTemplate {
  system_template: string;
  system_message: string;
  render_empty_system_message?: boolean;
  add_role_after_system_message?: boolean;
  system_prefix_token_ids?: readonly number[] | null;
  roles: Readonly<Record<string, string>>;
  role_templates?: Readonly<Record<string, string>>;
  role_content_sep?: string;
  role_empty_sep?: string;
  seps: readonly string[];
  stop_str?: readonly string[];
}

/** The parts of `mlc-chat-config.json` that are read here. */
export interface MlcConfig {
  /** Like `q4f16_1`: bits of a weight, then the type that is calculated with. */
  quantization?: string;
  /** Tokens; −1 where `sliding_window_size` holds. */
  context_window_size?: number;
  sliding_window_size?: number;
  tokenizer_files: readonly string[];
  conv_template: ConversationTemplate;
  conv_config?: Partial<ConversationTemplate>;
  model_config?: { hidden_size?: number };
}

/** `tensor-cache.json`: which file has which weights. */
interface TensorCache {
  records: readonly { dataPath: string; nbytes: number }[];
}

/** The files of a model, found. */
export interface MlcModel {
  /** The name that the user knows. */
  id: string;
  files: ModelFiles;
  config: MlcConfig;
  /** What differs from the file's configuration. */
  overrides: Partial<MlcConfig>;
  /** Paths by the names that web-llm has for them. */
  names: ReadonlyMap<string, string>;
  /** Files to have before the model can start, with sizes where the model tells them. */
  needed: readonly Pick<ModelFile, 'path' | 'bytes'>[];
}

/** Name of the compiled library to web-llm; the file may be called otherwise. */
export const libraryName = 'library.wasm';

const configName = 'mlc-chat-config.json';
const weightsName = 'tensor-cache.json';

/**
 * Finds a model: in the folder that was named, if its manifest lists it, else by its id among those that web-llm knows, on the
 * hub; else in the folder or on the hub as it was named.
 * @throws InpageError `model-not-found`, `model-download-failed`, `model-corrupt`
 */
export async function findModel(library: WebLlmLibrary, request: ModelRequest, signal?: AbortSignal): Promise<MlcModel> {
  const place = await locate(library, request, signal);
  const { files } = place;
  const own = { ...(await files.json<MlcConfig>(configName, { signal }))!, ...place.overrides };
  const overrides: Partial<MlcConfig> = { ...place.overrides, ...smallerContext(own, request), ...request.backendOptions };
  const config = { ...own, ...overrides };
  const weights = (await files.json<TensorCache>(weightsName, { signal }))!;
  const tokenizer = config.tokenizer_files.includes('tokenizer.json') ? 'tokenizer.json' : 'tokenizer.model';
  const needed = [
    { path: place.library },
    { path: tokenizer },
    ...weights.records.map(({ dataPath, nbytes }) => ({ path: dataPath, bytes: nbytes })),
  ];
  const names = new Map([configName, weightsName, ...needed.map(({ path }) => path)].map((path) => [path, path]));
  names.delete(place.library);
  names.set(libraryName, place.library);
  return { id: request.model, files, config, overrides, names, needed };
}

function smallerContext({ context_window_size = 0 }: MlcConfig, { contextTokens = 0 }: ModelRequest): Partial<MlcConfig> {
  return contextTokens > 0 && contextTokens < context_window_size ? { context_window_size: contextTokens } : {};
}

/** The same model with float32 arithmetic, for GPUs without float16, or undefined if there is none at this place. */
export async function fullPrecisionTwin(
  library: WebLlmLibrary,
  { model, source }: ModelRequest,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const twin = model.replace(/(q\d+)f16/, '$1f32');
  if (twin === model) return undefined;
  const listed = (await new ModelFiles(twin, source).list(signal)).length > 0;
  return listed || known(library, twin) ? twin : undefined;
}

interface Place {
  files: ModelFiles;
  /** Path or address of the compiled library. */
  library: string;
  overrides: Partial<MlcConfig>;
}

async function locate(library: WebLlmLibrary, request: ModelRequest, signal?: AbortSignal): Promise<Place> {
  const { model, source } = request;
  const folder = new ModelFiles(model, source);
  const record = known(library, model);
  const listed = record && source.host ? [] : await folder.list(signal);
  if (record && listed.length === 0) {
    const { origin, pathname } = new URL(record.model);
    const hub: ModelSource = { host: source.host ?? origin, revision: source.revision };
    const files = new ModelFiles(pathname.replace(/^\/|\/$/g, ''), hub);
    return { files, library: request.library ?? record.model_lib, overrides: (record.overrides ?? {}) as Partial<MlcConfig> };
  }
  const compiled = listed.find((path) => path.endsWith('.wasm')) ?? `${model.split('/').at(-1)}.wasm`;
  return { files: folder, library: request.library ?? compiled, overrides: {} };
}

function known(library: WebLlmLibrary, id: string) {
  return library.prebuiltAppConfig.model_list.find(({ model_id }) => model_id === id);
}

/** Whether the compiled library calculates with float16. */
export function needsHalfPrecision({ quantization = '' }: MlcConfig): boolean {
  return quantization.includes('f16');
}

/** Why a model that needs float16 does not run here. */
export function noHalfPrecision(id: string, twin: string | undefined): InpageError {
  const instead = twin ? `Use "${twin}", which does not` : 'Use one that was compiled with q4f32_1 or q0f32';
  return new InpageError(
    'device-unavailable',
    `The model "${id}" needs float16 arithmetic, which this GPU does not offer (shader-f16). ${instead}.`,
    { detail: { model: id, feature: 'shader-f16', ...(twin && { twin }) } },
  );
}
