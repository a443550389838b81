// Opens the assistant of the demo: stored documents at once, models at their first use and only with consent.
import { type Assistant, type AssistantOptions, createAssistant, type LoadProgress, webLlm } from '../../src/index.ts';
import { compiledBase } from '../compiled-models.ts';
import { consentQueue } from './consent.ts';
import { showNotice } from './notices.ts';

interface OpenOptions {
  device: NonNullable<AssistantOptions['device']>;
  /** A compiled model for web-llm, or empty for the default. */
  model: string;
  /** Where notices are shown. */
  activity: HTMLElement;
  onProgress: (progress: LoadProgress) => void;
  /** Another tab has changed the documents. */
  onChange: () => void;
}

/** Where the models lie: in the built demo beside the page, so that it can be served from any folder. */
export const modelBase = import.meta.env.DEV ? '/models/' : new URL('models/', document.baseURI).href;

/** The assistant, without its models. */
export function openAssistant({ device, model, activity, onProgress, onChange }: OpenOptions): Promise<Assistant> {
  const confirmDownload = consentQueue();
  return createAssistant({
    name: 'inpage-demo',
    preload: false,
    device,
    llm: model ? webLlm({ model, source: { base: compiledBase(modelBase) }, confirmDownload }) : undefined,
    models: { base: modelBase },
    confirmDownload,
    onProgress,
    onEvent(event) {
      if (event.type === 'collection-changed') onChange();
      else showNotice(activity, event);
    },
  });
}
