// The settings form: shows the preferences and keeps every change.
import { byId, h } from './dom.ts';
import { type Preferences, readPreferences, writePreferences } from './preferences.ts';

function showValues(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type=range]')) {
    const output = input.nextElementSibling;
    if (output) output.textContent = input.name === 'temperature' ? Number(input.value).toFixed(1) : input.value;
  }
}

/** Offers the compiled models, if there are any. */
function offerModels(form: HTMLFormElement, models: readonly string[]): void {
  const select = form.elements.namedItem('model') as HTMLSelectElement;
  for (const model of models) select.append(h('option', { value: model }, `${model} (web-llm)`));
  byId('model-setting').hidden = models.length === 0;
}

/**
 * Binds the form.
 * @param models compiled models to choose from
 * @returns the preferences, always as they are now
 */
export function startSettings(models: readonly string[]): () => Preferences {
  const form = byId<HTMLFormElement>('settings');
  offerModels(form, models);
  const kept = readPreferences();
  // A model that is not there any more must not be asked for.
  let preferences = models.includes(kept.model) ? kept : { ...kept, model: '' };
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
