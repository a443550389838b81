// The settings form: shows the preferences and keeps every change.
import { byId } from './dom.ts';
import { type Preferences, readPreferences, writePreferences } from './preferences.ts';

function showValues(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type=range]')) {
    const output = input.nextElementSibling;
    if (output) output.textContent = input.name === 'temperature' ? Number(input.value).toFixed(1) : input.value;
  }
}

/** Binds the form. @returns the preferences, always as they are now */
export function startSettings(): () => Preferences {
  const form = byId<HTMLFormElement>('settings');
  let preferences = readPreferences();
  const deviceAtStart = preferences.device;
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
    };
    writePreferences(preferences);
    showValues(form);
    byId('device-reload').hidden = preferences.device === deviceAtStart;
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  byId('reload').addEventListener('click', () => location.reload());
  return () => preferences;
}
