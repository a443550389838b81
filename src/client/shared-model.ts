// A model that the tabs of an origin share: its questions and events reach the tabs that they concern.
import type { Service } from '../runtime/rpc.ts';
import { canShareTabs, TabEngine } from '../runtime/tabs/tab-engine.ts';
import type { DownloadPlan } from '../spec/model.ts';
import { deserializeError, type InpageError, type SerializedError, serializeError } from '../util/errors.ts';
import type { ModelOptions } from './models.ts';

/** Options that are functions, and are called in the tab whose options they are. */
export type Hooks = Pick<ModelOptions, 'confirmDownload' | 'onWorkerDeath' | 'onRecover' | 'onStepDown'>;

type Notice =
  | { hook: 'onStepDown'; value: Parameters<NonNullable<Hooks['onStepDown']>>[0] }
  | { hook: 'onWorkerDeath' | 'onRecover'; value: SerializedError };

/** Whether the options let tabs share the model. A worker of one's own making may be one of a kind. */
export function sharesTabs({ shareTabs = true, createWorker }: ModelOptions): boolean {
  return shareTabs && !createWorker && canShareTabs();
}

/**
 * Makes the engine of a model.
 * @param name all that makes one model differ from another
 * @param make the model for the tab that leads, with the hooks of all tabs
 */
export function sharedModel<M extends { close(): Promise<void> | void }>(
  name: string,
  options: Hooks,
  make: (hooks: Hooks) => M,
  service: (model: M) => Service,
): { engine: TabEngine; local: () => M | undefined } {
  let local: M | undefined;
  const engine = new TabEngine({
    name,
    create({ ask, tell }) {
      const tellError = (hook: 'onWorkerDeath' | 'onRecover') => (error: InpageError) =>
        tell({ hook, value: serializeError(error) } satisfies Notice);
      const made = make({
        confirmDownload: async (plan) => (await ask(plan)) !== false,
        onStepDown: (value) => tell({ hook: 'onStepDown', value } satisfies Notice),
        onWorkerDeath: tellError('onWorkerDeath'),
        onRecover: tellError('onRecover'),
      });
      local = made;
      const close = () => {
        if (local === made) local = undefined;
        return made.close();
      };
      return { service: service(made), close };
    },
    onAsk: (plan: DownloadPlan) => options.confirmDownload?.(plan) ?? true,
    onNotice({ hook, value }: Notice) {
      if (hook === 'onStepDown') options.onStepDown?.(value);
      else options[hook]?.(deserializeError(value) as InpageError);
    },
  });
  return { engine, local: () => local };
}
