// The contract of `Llm` on transformers.js.
import { transformersLlm } from '../../src/client/transformers-llm.ts';
import { testLlm } from '../contract/test-llm.ts';

testLlm('transformers-wasm', { create: () => transformersLlm({ device: 'wasm' }) });
