// The model compiled for web-llm that is part of the repository; `test/fixtures/mlc-tiny/README.md` says how it was made.

/** Options of `webLlm` for it. */
export const tinyMlc = { model: 'tiny-llama-q0f32', source: { base: '/test/fixtures/mlc-tiny/' } } as const;
