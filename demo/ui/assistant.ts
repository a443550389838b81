// Opens the assistant of the demo: stored documents at once, models at their first use and only with consent.
import { type Assistant, type AssistantOptions, createAssistant, type LoadProgress } from '../../src/index.ts';
import { consentQueue } from './consent.ts';
import { showNotice } from './notices.ts';

interface OpenOptions {
  device: NonNullable<AssistantOptions['device']>;
  /** Where notices are shown. */
  activity: HTMLElement;
  onProgress: (progress: LoadProgress) => void;
  /** Another tab has changed the documents. */
  onChange: () => void;
}

/** The assistant, without its models. */
export function openAssistant({ device, activity, onProgress, onChange }: OpenOptions): Promise<Assistant> {
  return createAssistant({
    name: 'inpage-demo',
    preload: false,
    device,
    // In the built demo the models lie beside the page, so that it can be served from any folder.
    models: { base: import.meta.env.DEV ? '/models/' : new URL('models/', document.baseURI).href },
    confirmDownload: consentQueue(),
    onProgress,
    onEvent(event) {
      if (event.type === 'collection-changed') onChange();
      else showNotice(activity, event);
    },
  });
}
