// The model in GGUF that is part of the repository; `test/fixtures/gguf-tiny/README.md` says how it was made.

/** Options of `wllama` for it. */
export const tinyGguf = { model: 'tiny-llama-f16', source: { base: '/test/fixtures/gguf-tiny/' } } as const;
