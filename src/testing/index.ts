// Stand-ins for models, for the tests of those who build on inpage: pure logic, no download, the same result every time.
export { type MockEmbedderOptions, mockEmbedder } from './mock-embedder.ts';
export { type MockLlmOptions, mockLlm } from './mock-llm.ts';
export { type Script, type ScriptedLlm, scriptedLlm } from './scripted-llm.ts';
