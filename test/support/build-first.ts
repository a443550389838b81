// Global setup of the projects that test what was built.
import type { TestProject } from 'vitest/node';
import { build } from './build.mjs';

export default function setup({ name }: TestProject): Promise<void> {
  return build(name === 'e2e' ? ['demo'] : undefined);
}
