// Writes the fitted weights of the agent's planning into its sources.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './prepare.mjs';

/** Types of values that share a file. @type {Record<string, readonly string[]>} */
const groups = { choice: ['option', 'options', 'boolean'], number: ['number', 'numbers'], text: ['text'] };

/** @param {import('../../src/agent/plan-weights.ts').PlanWeights} weights */
export async function writeWeights({ values, fit, split }) {
  const folder = join(root, 'src/agent/weights');
  for (const [name, types] of Object.entries(groups)) {
    const own = Object.fromEntries(types.map((type) => [type, /** @type {Record<string, unknown>} */ (values)[type] ?? {}]));
    await write(
      join(folder, `${name}.ts`),
      `import type { Weights } from '../fill/candidate.ts';\n\nexport const ${name}Weights: Weights = ${JSON.stringify(own)};\n`,
    );
  }
  const rest = Object.entries({ fit, split }).map(
    ([name, own]) => `export const ${name}Weights: Readonly<Signs> = ${JSON.stringify(own)};\n`,
  );
  await write(join(folder, 'planning.ts'), `import type { Signs } from '../fill/candidate.ts';\n\n${rest.join('\n')}`);
  await promisify(execFile)(join(root, 'node_modules/.bin/biome'), ['check', '--write', folder], { cwd: root });
}

/** @param {string} path @param {string} text */
async function write(path, text) {
  await writeFile(path, `// Fitted weights: written by \`npm run eval -- tools --fit\`, not by hand.\n${text}`);
}
