// The passages of the lexical suite, and words to look for in them.
import { createRandom } from '../../../../src/util/random.ts';

/** What the driver says about the passages; plain data. */
export interface PassageSettings {
  /** JSON lines, each a text. */
  url: string;
  /** Passages; beyond those of the file, seeded pairs of them. */
  n: number;
}

/** Fetches the texts. */
export async function openPassages({ url, n }: PassageSettings): Promise<string[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const texts: string[] = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const random = createRandom(7);
  const any = () => texts[Math.floor(random() * texts.length)]!;
  return Array.from({ length: n }, (_, i) => texts[i] ?? `${any()} ${any()}`);
}

/** Queries of three distinct words of one passage each, four letters or longer. */
export async function wordQueries(settings: PassageSettings, count: number): Promise<string[]> {
  const passages = await openPassages(settings);
  const random = createRandom(8);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const queries: string[] = [];
  while (queries.length < count) {
    const words = [
      ...new Set(
        pick(passages)
          .toLowerCase()
          .match(/\p{L}{4,}/gu),
      ),
    ];
    if (words.length < 3) continue;
    const chosen = new Set<string>();
    while (chosen.size < 3) chosen.add(pick(words));
    queries.push([...chosen].join(' '));
  }
  return queries;
}
