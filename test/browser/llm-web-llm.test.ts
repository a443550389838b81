// The contract of `Llm` on web-llm, for every compiled model that lies in `models/mlc/`.
import { compiledBase, compiledModels } from '../../demo/compiled-models.ts';
import { webLlm } from '../../src/client/web-llm.ts';
import { testLlm } from '../contract/test-llm.ts';

for (const model of await compiledModels('/models/')) {
  testLlm(`web-llm-${model}`, {
    create: () => webLlm({ model, source: { base: compiledBase('/models/') } }),
    // The first request compiles all shaders, and a GPU emulated on the CPU takes seconds for a token of a real model.
    timeout: 600_000,
    tokens: 6,
  });
}
