// The measure of all benches: transformers.js called plainly, in a worker, with the same model files.
import { env, pipeline, TextStreamer } from '@huggingface/transformers';

/** What to do, and with which files of the runtime. */
export interface PlainTask {
  wasm: { mjs: string; wasm: string };
  /** Undefined leaves the library's own choice: half of the cores, at most four. */
  threads?: number;
  models: string;
  device: 'wasm' | 'webgpu';
  dtype: 'q8' | 'q4';
  model: string;
  work:
    | { kind: 'embed'; texts: readonly string[]; batch: number }
    | { kind: 'generate'; messages: readonly { role: string; content: string }[]; maxTokens: number };
}

export interface PlainResult {
  ms: number;
  /** Until the first token, for `generate`. */
  firstMs: number;
  text: string;
  tokens: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a pipeline of either kind.
const pipelines = new Map<string, any>();

async function run({ wasm, threads, models, device, dtype, model, work }: PlainTask): Promise<PlainResult> {
  Object.assign(env, { allowLocalModels: true, allowRemoteModels: false, localModelPath: models, useWasmCache: false });
  const runtime = env.backends.onnx.wasm!;
  runtime.wasmPaths = wasm;
  if (threads) runtime.numThreads = threads;
  const task = work.kind === 'embed' ? 'feature-extraction' : 'text-generation';
  let pipe = pipelines.get(model);
  if (!pipe) {
    pipe = await pipeline(task, model, { device, dtype });
    pipelines.set(model, pipe);
  }
  const started = performance.now();
  if (work.kind === 'embed') {
    for (let i = 0; i < work.texts.length; i += work.batch) {
      await pipe(work.texts.slice(i, i + work.batch), { pooling: 'mean', normalize: true });
    }
    return { ms: performance.now() - started, firstMs: 0, text: '', tokens: 0 };
  }
  let firstMs = 0;
  let tokens = 0;
  const streamer = new TextStreamer(pipe.tokenizer, {
    skip_prompt: true,
    callback_function: () => {},
    token_callback_function: () => {
      firstMs ||= performance.now() - started;
      tokens++;
    },
  });
  const output = await pipe(work.messages, { max_new_tokens: work.maxTokens, do_sample: false, streamer });
  return { ms: performance.now() - started, firstMs, text: output[0].generated_text.at(-1).content, tokens };
}

addEventListener('message', async ({ data }: MessageEvent<PlainTask>) => {
  try {
    postMessage({ result: await run(data) });
  } catch (error) {
    postMessage({ error: String((error as Error)?.stack ?? error) });
  }
});
