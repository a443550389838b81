// Runs the server during the browser tests and tells them where it is; and where a real one is, if one was named.
import type { TestProject } from 'vitest/node';
import { startOpenAiServer } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the test's own server. */
    openAiServer: string;
    /** A real server to run the contract on: INPAGE_OPENAI_URL, with INPAGE_OPENAI_DIALECT, _MODEL, _KEY and _SKIP. */
    realOpenAiServer: { baseUrl: string; dialect?: string; model?: string; apiKey?: string; skip: string[] } | null;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startOpenAiServer();
  const { INPAGE_OPENAI_URL: baseUrl, INPAGE_OPENAI_DIALECT: dialect, INPAGE_OPENAI_MODEL: model } = process.env;
  const { INPAGE_OPENAI_KEY: apiKey, INPAGE_OPENAI_SKIP = '' } = process.env;
  const skip = INPAGE_OPENAI_SKIP.split(',').filter(Boolean);
  project.provide('openAiServer', server.url);
  project.provide('realOpenAiServer', baseUrl ? { baseUrl, dialect, model, apiKey, skip } : null);
  return server.close;
}
