// The panel's look: a card in the corner, a sheet on a phone.

/** Styles of the open assistant, over those of the closed one. */
export const panelStyle = `
.panel {
  position: fixed; inset-block-end: var(--gap); inset-inline-end: 1.25rem; display: flex; flex-direction: column;
  width: min(var(--inpage-width, 25rem), calc(100vw - 2.5rem)); height: min(var(--inpage-height, 40rem), calc(100dvh - 2.5rem));
  overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); box-shadow: var(--shadow);
  animation: rise 180ms cubic-bezier(0.2, 0.8, 0.3, 1);
}
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
h2, h3, h4, p, ul, ol, table { margin: 0; padding: 0; }
.head { display: flex; align-items: center; gap: 0.25rem; padding: 0.625rem 0.625rem 0.625rem 1.125rem; border-bottom: 1px solid var(--line); }
.head:dir(rtl) { padding: 0.625rem 1.125rem 0.625rem 0.625rem; }
.head h2 { flex: 1; min-width: 0; overflow: hidden; font-size: 1rem; font-weight: 650; text-overflow: ellipsis; white-space: nowrap; }
.icon-button { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; padding: 0; border-radius: 10px; color: var(--text-soft); }
.icon-button:hover { background: var(--sunken); color: var(--text); }
.log { flex: 1; min-height: 0; padding: 1.125rem; overflow-y: auto; overscroll-behavior: contain; }
.log:focus-visible { outline-offset: -3px; border-radius: 6px; }
.empty { display: grid; justify-items: center; gap: 0.5rem; padding: 1.5rem 0.75rem 1.75rem; color: var(--text-soft); font-size: 0.875rem; text-align: center; text-wrap: balance; }
.empty .icon { width: 2.25rem; height: 2.25rem; margin-bottom: 0.25rem; color: var(--accent); stroke-width: 1.3; }
.lead { color: var(--text); font-size: 1.125rem; font-weight: 650; }
.turns { display: grid; gap: 1.5rem; }
.turns:not(:empty) + .activity:not(:empty) { margin-top: 1.25rem; }
.turn { min-width: 0; }
.question { width: fit-content; max-width: 88%; margin-inline-start: auto; padding: 0.5rem 0.875rem; border-radius: 16px; border-end-end-radius: 5px; background: var(--accent); color: var(--on-accent); font-size: 0.9375rem; font-weight: 500; overflow-wrap: anywhere; white-space: pre-wrap; }
.answer { margin-top: 0.75rem; font-size: 0.9375rem; overflow-wrap: anywhere; }
.answer-body > * + * { margin-top: 0.625rem; }
.answer-body ul, .answer-body ol { padding-inline-start: 1.375rem; }
.answer-body pre { margin: 0.625rem 0 0; padding: 0.75rem; overflow-x: auto; border-radius: 10px; background: var(--sunken); font-size: 0.8125rem; }
.answer-body code { font-family: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace; font-size: 0.9em; }
.answer-body blockquote { margin: 0.625rem 0 0; padding-inline-start: 0.75rem; border-inline-start: 3px solid var(--line); }
.answer-body a { color: var(--accent); }
.answer[aria-busy] .answer-body > :last-child::after { display: inline-block; width: 0.5rem; height: 0.5rem; margin-inline-start: 0.375rem; border-radius: 50%; background: var(--accent); content: ""; animation: breathe 1.2s ease-in-out infinite; }
.unsupported { color: var(--text-soft); text-decoration: underline dotted; text-underline-offset: 0.25em; }
.together { white-space: nowrap; }
.cite { display: inline-grid; place-items: center; min-width: 1.5rem; height: 1.5rem; margin-inline-start: 0.25rem; padding: 0 0.25rem; border-radius: 7px; background: color-mix(in srgb, var(--accent) 14%, var(--surface)); color: var(--accent); font-size: 0.75rem; font-weight: 650; line-height: 1; text-decoration: none; vertical-align: text-bottom; }
.cite:hover { background: var(--accent); color: var(--on-accent); }
.state { display: flex; align-items: center; gap: 0.5rem; color: var(--text-soft); font-size: 0.875rem; }
.state:empty { display: none; }
.state::before { flex: none; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--accent); content: ""; animation: breathe 1.2s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: 0.25; } }
.note { margin-top: 0.5rem; color: var(--text-soft); font-size: 0.8125rem; }
.sources { margin-top: 0.875rem; }
.sources h4 { margin-bottom: 0.375rem; color: var(--text-soft); font-size: 0.75rem; font-weight: 600; }
.sources ol { display: grid; gap: 0.375rem; list-style: none; }
.source { display: flex; gap: 0.625rem; width: 100%; padding: 0.5rem 0.625rem; border: 1px solid var(--line); border-radius: 11px; color: inherit; text-align: start; text-decoration: none; }
.source:hover { border-color: var(--accent); }
.source-number { flex: none; min-width: 0.75rem; color: var(--accent); font-size: 0.8125rem; font-weight: 650; }
.source-text { display: grid; flex: 1; min-width: 0; font-size: 0.8125rem; line-height: 1.45; }
.source-place { font-weight: 600; }
.source-quote { display: -webkit-box; overflow: hidden; color: var(--text-soft); -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.activity { display: grid; gap: 0.75rem; }
.activity:has(.consent, .load) .reading { display: none; }
.card { padding: 0.875rem 1rem; border: 1px solid var(--line); border-radius: 14px; background: color-mix(in srgb, var(--sunken) 55%, var(--surface)); font-size: 0.875rem; }
.answer .card { margin-top: 0.5rem; }
.card h3 { font-size: 1rem; font-weight: 650; }
.card p { margin-top: 0.25rem; }
.card > p:first-child { margin-top: 0; }
.card details { margin-top: 0.625rem; color: var(--text-soft); font-size: 0.8125rem; }
.card details p { overflow-wrap: anywhere; }
.card summary { width: fit-content; border-radius: 4px; cursor: pointer; }
.card table { width: 100%; margin-top: 0.375rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.card th { padding: 0.125rem 0; font-weight: 400; text-align: start; overflow-wrap: anywhere; }
.card td, .card thead th:last-child { padding-inline-start: 0.75rem; text-align: end; white-space: nowrap; }
.card tfoot :is(th, td) { padding-top: 0.25rem; border-top: 1px solid var(--line); color: var(--text); font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.875rem; }
.button { min-height: 2.5rem; padding: 0.375rem 1rem; border: 1px solid var(--line); border-radius: 11px; background: var(--surface); font-weight: 600; }
.button:hover { border-color: var(--accent); }
.button.primary { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.button.primary:hover { filter: brightness(1.08); }
.problem > p { color: var(--danger); font-weight: 500; }
.problem .button { margin-top: 0.625rem; }
.load { display: grid; grid-template-columns: 1fr auto; align-items: baseline; gap: 0 0.75rem; }
.load-title { min-width: 0; font-weight: 600; overflow-wrap: anywhere; }
.card .load-value { margin: 0; color: var(--text-soft); font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
progress { grid-column: 1 / -1; width: 100%; height: 0.375rem; margin-top: 0.625rem; overflow: hidden; border: 0; border-radius: 99px; background: var(--line); accent-color: var(--accent); appearance: none; }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { border-radius: 99px; background: var(--accent); transition: inline-size 120ms linear; }
progress::-moz-progress-bar { border-radius: 99px; background: var(--accent); }
progress:indeterminate { background: linear-gradient(90deg, var(--line) 30%, var(--accent) 50%, var(--line) 70%) 0 / 300% 100%; animation: slide 1.4s linear infinite; }
progress:indeterminate::-webkit-progress-bar { background: transparent; }
@keyframes slide { from { background-position: 100% 0; } to { background-position: -50% 0; } }
.composer { display: flex; align-items: end; gap: 0.5rem; margin: 0; padding: 0.75rem; border-top: 1px solid var(--line); }
.field { flex: 1; min-width: 0; min-height: 2.75rem; max-height: 8rem; padding: 0.5625rem 0.875rem; field-sizing: content; border: 1px solid light-dark(#8d8a83, #737a7e); border-radius: 14px; background: var(--surface); line-height: 1.5; resize: none; }
.field::placeholder { color: var(--text-soft); opacity: 1; }
.field:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: -1px; }
.send { display: grid; flex: none; place-items: center; width: 2.75rem; height: 2.75rem; padding: 0; border-radius: 14px; background: var(--accent); color: var(--on-accent); }
.icon-stop { fill: currentColor; }
.send[aria-disabled="true"] { background: var(--sunken); color: var(--text-soft); cursor: default; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 600px) {
  .panel { inset: auto 0 0; width: auto; height: min(85dvh, 44rem); border-width: 1px 0 0; border-radius: var(--radius) var(--radius) 0 0; animation-name: sheet; }
  @keyframes sheet { from { transform: translateY(40%); opacity: 0; } }
  .composer { padding-bottom: max(0.75rem, env(safe-area-inset-bottom)); }
}
@media (prefers-reduced-motion: reduce) {
  .panel, .state::before, .answer-body > :last-child::after, progress:indeterminate { animation: none; }
  progress::-webkit-progress-value { transition: none; }
}
@media (forced-colors: active) { .question, .cite, .send, .button, .source { border: 1px solid; } }
`;
