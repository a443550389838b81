// A page for each system of a suite, with nothing in it but that system and the clock: as a site would ship it.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** @typedef {'dense' | 'lexical'} Suite */

const prefix = 'virtual:system/';

/** The page of a system, from the root of the pages. @param {Suite} suite @param {string} system */
export const systemPage = (suite, system) => `${suite}-${system}.html`;

/**
 * Adds the pages to a build. The files of a suite are its systems, but for those of `parts`.
 * @param {string} root folder of the bench's pages
 * @param {Record<Suite, string[]>} parts names of files that are no systems
 * @returns {{ input: Record<string, string>, plugin: import('vite').Plugin }}
 */
export function systemPages(root, parts) {
  /** @type {Record<string, string>} */
  const input = {};
  for (const suite of /** @type {Suite[]} */ (Object.keys(parts))) {
    for (const file of readdirSync(join(root, suite))) {
      const system = basename(file, '.ts');
      if (!parts[suite].includes(system)) input[`${suite}-${system}`] = `${prefix}${suite}/${system}`;
    }
  }
  return {
    input,
    plugin: {
      name: 'bench:system-pages',
      resolveId: { filter: { id: /^virtual:system\// }, handler: (id) => `\0${id}` },
      load: {
        filter: { id: /^\0virtual:system\// },
        handler(id) {
          const [suite, system] = id.slice(prefix.length + 1).split('/');
          return `
            import { startPage } from '${root}/start-page.ts';
            import { ${suite} } from '${root}/${suite}/suite.ts';
            import system from '${root}/${suite}/${system}.ts';
            startPage(${suite}, system);`;
        },
      },
      generateBundle(_options, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk' || !chunk.facadeModuleId?.startsWith(`\0${prefix}`)) continue;
          const preloads = chunk.imports.map((file) => `<link rel="modulepreload" href="${file}" />`);
          const source = [
            '<!doctype html>',
            `<title>inpage, benchmark: ${chunk.name}</title>`,
            '<link rel="icon" href="data:," />',
            `<script type="module" src="${chunk.fileName}"></script>`,
            ...preloads,
          ].join('\n');
          this.emitFile({ type: 'asset', fileName: `${chunk.name}.html`, source });
        }
      },
    },
  };
}
