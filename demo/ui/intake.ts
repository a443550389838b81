// The ways in: drop, file picker, pasted text, the sample.
import type { Source } from '../../src/index.ts';
import { byId } from './dom.ts';
import { askForText } from './paste.ts';
import { sampleSources } from './sample.ts';

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** Binds all ways in; `onSources` gets what the reader hands over. */
export function startIntake(onSources: (sources: readonly Source[]) => void): { loadSample: () => void } {
  const picker = byId<HTMLInputElement>('files');
  const drop = byId('drop');
  const loadSample = async () => onSources(await sampleSources());

  picker.addEventListener('change', () => {
    const files = [...(picker.files ?? [])];
    picker.value = '';
    if (files.length > 0) onSources(files);
  });
  byId('sample').addEventListener('click', loadSample);
  byId('paste').addEventListener('click', async () => {
    const source = await askForText();
    if (source) onSources([source]);
  });

  // The whole window takes files, since a file that misses the zone would otherwise replace the page.
  let depth = 0;
  const mark = (change: 1 | -1 | 0) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    drop.classList.toggle('over', depth > 0);
  };
  addEventListener('dragenter', (event) => holdsFiles(event) && mark(1));
  addEventListener('dragleave', (event) => holdsFiles(event) && mark(-1));
  addEventListener('dragover', (event) => holdsFiles(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    mark(0);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) onSources(files);
  });
  return { loadSample };
}
