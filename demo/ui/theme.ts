// Light and dark: the system's choice until the reader makes one, which is kept.
import { byId } from './dom.ts';

type Theme = 'light' | 'dark';

const key = 'inpage-demo.theme';

function stored(): Theme | undefined {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined;
  }
}

function show(theme: Theme, chosen: boolean): void {
  if (chosen) document.documentElement.dataset.theme = theme;
  byId('theme').setAttribute('aria-pressed', String(theme === 'dark'));
}

/** Applies the theme and binds the button of the page's head. */
export function startTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const current = (): Theme =>
    stored() ?? (document.documentElement.dataset.theme as Theme) ?? (system.matches ? 'dark' : 'light');
  show(current(), stored() !== undefined);
  system.addEventListener('change', () => show(current(), stored() !== undefined));
  byId('theme').addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem(key, next);
    } catch {
      // Without storage the choice holds until the page is closed.
    }
    show(next, true);
  });
}
