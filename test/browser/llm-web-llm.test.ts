// The contract of `Llm` on web-llm, for the tiny compiled model and for every one that lies in `models/mlc/`.
import { compiledBase, compiledModels } from '../../demo/compiled-models.ts';
import { webLlm } from '../../src/client/web-llm.ts';
import { testLlm } from '../contract/test-llm.ts';
import { tinyMlc } from '../support/tiny-mlc.ts';

// The first request compiles all shaders, and a GPU emulated on the CPU takes seconds for a token of a real model.
const patience = { timeout: 600_000, tokens: 6 };

testLlm('web-llm', {
  create: () => webLlm(tinyMlc),
  note: 'goes on with the last conversation, if its answer ended by itself and came back unchanged',
  ...patience,
});

for (const model of await compiledModels('/models/')) {
  const source = { base: compiledBase('/models/') };
  testLlm(`web-llm, ${model}`, { create: () => webLlm({ model, source }), listed: false, ...patience });
}
