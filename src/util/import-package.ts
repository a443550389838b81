// Optional packages: imported where they are needed, with an error that says how to get them.
import { InpageError } from './errors.ts';

/**
 * Imports an optional package.
 * @param purpose what needs it, e.g. 'Reading PDF files'
 * @throws InpageError `missing-dependency`
 */
export async function importPackage<Module>(name: string, purpose: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new InpageError('missing-dependency', `${purpose} needs the package "${name}". Install it: npm i ${name}`, {
      cause,
      detail: { package: name },
    });
  }
}
