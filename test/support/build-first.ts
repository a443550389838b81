// Global setup of the projects that test what was built.
import { build } from './build.mjs';

export default function setup(): Promise<void> {
  return build();
}
