// Reads the project's own files for the tests that look at how it is built.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A source file. */
export interface SourceFile {
  /** From the repository's root, with `/`. */
  path: string;
  text: string;
  /** What it imports, types included: paths from the root for own files, specifiers for packages. */
  imports: string[];
}

const importPatterns = [
  /^(?:import|export)\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]/gm,
  /^import\s+['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
  /new URL\(\s*['"](\.[^'"]+\.ts)['"],\s*import\.meta\.url/g,
];

/** Source text without its comments, line numbers kept. Strings with comment marks in them are beyond it. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|[\s;{(,])\/\/.*$/gm, '$1');
}

/** Specifiers of the modules that a source imports or starts as workers. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  return importPatterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!));
}

/** The TypeScript and JavaScript files of a folder, recursively; none if it does not exist. */
export function sourceFiles(folder: string): SourceFile[] {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|mjs)$/.test(entry.name))
    .map((entry) => readSource(relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')))
    .sort((first, second) => (first.path < second.path ? -1 : 1));
}

/** One file by its path from the root. */
export function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = importsOf(text).map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  );
  return { path, text, imports };
}

/** Paths of all files under version control, new ones included, ignored ones not. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return listed.split('\n').filter((path) => path && existsSync(join(root, path)));
}
