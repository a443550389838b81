// Colours, measures and the button. What a page may set are the variables that begin with `--inpage-`, and the parts.

/** Styles of the closed assistant; the panel takes its colours from here. */
export const launcherStyle = `
:host {
  --accent: var(--inpage-accent, light-dark(#0b6b68, #6fcfc8));
  --on-accent: var(--inpage-on-accent, light-dark(#ffffff, #0c2322));
  --surface: var(--inpage-surface, light-dark(#ffffff, #1b1e20));
  --sunken: var(--inpage-sunken, light-dark(#f1f0ec, #262a2d));
  --text: var(--inpage-text, light-dark(#1c1e20, #eceae6));
  --text-soft: var(--inpage-text-soft, light-dark(#585b5f, #a9aeb2));
  --line: var(--inpage-line, light-dark(#e3e0da, #33383b));
  --danger: var(--inpage-danger, light-dark(#a5281b, #ff9d90));
  --radius: var(--inpage-radius, 18px);
  --shadow: 0 2px 6px light-dark(rgb(30 25 15 / 8%), rgb(0 0 0 / 40%)), 0 18px 48px light-dark(rgb(30 25 15 / 18%), rgb(0 0 0 / 55%));
  --gap: max(1.25rem, env(safe-area-inset-bottom));
  all: initial;
  color-scheme: inherit;
  position: fixed;
  z-index: var(--inpage-z-index, 2147483000);
  color: var(--text);
  font: 400 1rem/1.5 var(--inpage-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif);
}
:host([hidden]), [hidden] { display: none !important; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { margin: 0; border: 0; background: none; cursor: pointer; -webkit-tap-highlight-color: transparent; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.icon { flex: none; width: 1.25rem; height: 1.25rem; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.corner { position: fixed; inset-block-end: var(--gap); inset-inline-end: 1.25rem; max-width: calc(100vw - 2.5rem); }
.launcher {
  display: flex; align-items: center; gap: 0.5rem; min-height: 3rem; padding: 0.625rem 1.125rem 0.625rem 0.875rem;
  border-radius: 999px; background: var(--accent); color: var(--on-accent); box-shadow: var(--shadow);
  font-weight: 600; transition: transform 140ms ease, filter 140ms ease;
}
.launcher:dir(rtl) { padding: 0.625rem 0.875rem 0.625rem 1.125rem; }
.launcher:hover { filter: brightness(1.08); transform: translateY(-1px); }
.launcher:focus-visible { outline: 2px solid var(--surface); outline-offset: -4px; }
.failure { max-width: 20rem; margin: 0 0 0.75rem; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); box-shadow: var(--shadow); font-size: 0.875rem; }
@media (prefers-reduced-motion: reduce) { .launcher { transition: none; } .launcher:hover { transform: none; } }
@media print { :host { display: none !important; } }
`;
