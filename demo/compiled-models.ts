// Models compiled for web-llm that somebody has put into `models/mlc/`; the folder's manifest is made when it is built or served.

/** Where they lie, from where the models lie. */
export const compiledBase = (models: string) => new URL('mlc/', new URL(models, document.baseURI)).href;

/** Their names; none where there is no manifest. */
export async function compiledModels(models: string): Promise<string[]> {
  const response = await fetch(`${compiledBase(models)}manifest.json`).catch(() => undefined);
  // Some servers answer with a page for what is missing.
  const files: object = response?.ok ? await response.json().catch(() => ({})) : {};
  const marker = '/mlc-chat-config.json';
  return Object.keys(files).flatMap((path) => (path.endsWith(marker) ? [path.slice(0, -marker.length)] : []));
}
