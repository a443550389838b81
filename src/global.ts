// The script-tag build: everything under `window.inpage`. Loading it twice keeps the first.
import * as inpage from './index.ts';

const scope = globalThis as { inpage?: typeof inpage };

if (scope.inpage) console.warn('inpage is already on this page; the second script is ignored.');
else scope.inpage = inpage;
