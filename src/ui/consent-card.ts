// Asks before a model is downloaded: every file with its exact size, from where, and what stays on the device.
import type { DownloadPlan, ModelFile } from '../spec/model.ts';
import { bytes } from './bytes.ts';
import { h, uniqueId } from './element.ts';
import type { Language } from './language.ts';
import { filled, type PanelLabels } from './panel-labels.ts';

/** A card that asks, and the answer. */
export interface ConsentCard {
  element: HTMLElement;
  /** The button that agrees. */
  first: HTMLElement;
  answer: Promise<boolean>;
}

/** A card with the plan; it is the caller's to show it, and to take it away once it is answered. */
export function consentCard(plan: DownloadPlan, labels: PanelLabels, language: Language): ConsentCard {
  const [titleId, textId] = [uniqueId('consent'), uniqueId('consent')];
  const exact = new Intl.NumberFormat(language);
  const unknown = plan.files.some((file) => file.bytes === undefined);
  let settle: (agreed: boolean) => void = () => {};
  const answer = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const first = h('button', { type: 'button', class: 'button primary', onclick: () => settle(true) }, labels.download);

  /** What an interrupted download has left does not come again. */
  const row = ({ path, bytes, stored = 0 }: ModelFile) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row', dir: 'ltr' }, path),
      h('td', {}, bytes === undefined ? labels.unknownSize : exact.format(bytes - stored)),
    );

  const element = h(
    'section',
    { class: 'card consent', part: 'consent', 'aria-labelledby': titleId, 'aria-describedby': textId },
    h('h3', { id: titleId }, filled(unknown ? labels.consentAtLeast : labels.consent, { size: bytes(plan.bytes, language) })),
    h('p', { id: textId }, filled(labels.consentText, { model: plan.model, origin: originOf(plan, labels) })),
    h(
      'details',
      {},
      h('summary', {}, filled(labels.exactly, { count: exact.format(plan.bytes) })),
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, labels.file), h('th', { scope: 'col' }, labels.size))),
        h('tbody', {}, ...plan.files.map(row)),
        h('tfoot', {}, h('tr', {}, h('th', { scope: 'row' }, labels.together), h('td', {}, exact.format(plan.bytes)))),
      ),
    ),
    h(
      'div',
      { class: 'actions' },
      first,
      h('button', { type: 'button', class: 'button', onclick: () => settle(false) }, labels.notNow),
    ),
  );
  return { element, first, answer };
}

function originOf({ files }: DownloadPlan, labels: PanelLabels): string {
  const url = new URL(files[0]?.url ?? location.href, location.href);
  return url.origin === location.origin ? labels.thisSite : url.host;
}
