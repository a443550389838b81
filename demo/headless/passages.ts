// Seeded passages of mixed length for the benches: what a real page has is from a line to a long paragraph.
import { createRandom } from '../../src/util/random.ts';

const words = (
  'the of and to in reader page index vector model browser search answer document worker memory cache token device error reset ' +
  'download storage sentence passage question button setting account password network update report version screen battery'
).split(' ');

/** @param count number of texts, 8 to about 220 words each */
export function mixedPassages(count: number, seed = 1): string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const length = 8 + Math.floor(random() ** 2 * 212);
    return Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
  });
}
