// The settings form: shows the preferences and keeps every change.
import { byId, h } from './dom.ts';
import { type Preferences, readPreferences, writePreferences } from './preferences.ts';

function showValues(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type=range]')) {
    const output = input.nextElementSibling;
    if (output) output.textContent = input.name === 'temperature' ? Number(input.value).toFixed(1) : input.value;
  }
}

/** Offers compiled models beside the one that is kept; which there are is asked when the settings are first opened. */
function offerModels(form: HTMLFormElement, kept: string, list: () => Promise<string[]>): void {
  const select = form.elements.namedItem('model') as HTMLSelectElement;
  const offer = (model: string) => {
    if (![...select.options].some(({ value }) => value === model)) {
      select.append(h('option', { value: model }, `${model} (web-llm)`));
    }
    byId('model-setting').hidden = false;
  };
  if (kept) offer(kept);
  const fill = async () => (await list()).forEach(offer);
  form.closest('details')?.addEventListener('toggle', () => void fill(), { once: true });
}

/**
 * Binds the form.
 * @param listModels gives the compiled models to choose from
 * @returns the preferences, always as they are now
 */
export function startSettings(listModels: () => Promise<string[]>): () => Preferences {
  const form = byId<HTMLFormElement>('settings');
  let preferences = readPreferences();
  offerModels(form, preferences.model, listModels);
  const atStart = preferences;
  for (const [name, value] of Object.entries(preferences)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = String(value);
  }
  showValues(form);

  form.addEventListener('input', () => {
    const data = new FormData(form);
    preferences = {
      passages: Number(data.get('passages')),
      answerTokens: Number(data.get('answerTokens')),
      temperature: Number(data.get('temperature')),
      device: data.get('device') as Preferences['device'],
      model: String(data.get('model') ?? ''),
    };
    writePreferences(preferences);
    showValues(form);
    byId('reload-note').hidden = preferences.device === atStart.device && preferences.model === atStart.model;
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  byId('reload').addEventListener('click', () => location.reload());
  return () => preferences;
}
