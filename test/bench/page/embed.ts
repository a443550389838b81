// Embeds texts with the project's own model, through the SDK.
import { type Embedder, transformersEmbedder } from '../../../src/index.ts';

let embedder: Embedder | undefined;

/** @returns the rows as base64, little-endian float32, row-major: what crosses to the driver fastest as text */
export async function embedTexts(texts: readonly string[], kind: 'query' | 'passage'): Promise<string> {
  embedder ??= transformersEmbedder({ device: 'wasm', source: { base: '/models/' } });
  const { data } = await embedder.embed(texts, { kind });
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
