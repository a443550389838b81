// A model in a worker of its own: asks before it downloads, loads once, starts again after a failure.
// A failed load poisons the model library, so the worker goes with it.
import type { Connection } from '../runtime/rpc.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { DownloadPlan, LoadProgress } from '../spec/model.ts';
import { Shared } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { closedError, WorkerHost } from './worker-host.ts';

export interface ModelHostOptions {
  /** First argument of the worker's `configure`; made when the worker starts. */
  configuration: () => unknown;
  confirmDownload?: (plan: DownloadPlan) => boolean | Promise<boolean>;
  /** The worker ended unexpectedly. */
  onDeath?: (error: InpageError) => void;
  create?: () => Worker;
}

export class ModelHost<Info> {
  readonly #host: WorkerHost;
  readonly #options: ModelHostOptions;
  readonly #loaded: Shared<Info, LoadProgress>;

  constructor(name: 'llm' | 'embed', options: ModelHostOptions) {
    this.#options = options;
    this.#loaded = new Shared((call) => this.#load(call));
    this.#host = new WorkerHost(name, {
      start: (connection) => connection.call('configure', [options.configuration(), {}]),
      onDeath: (error) => {
        this.#loaded.reset();
        options.onDeath?.(error);
      },
      create: options.create,
    });
  }

  load(options: ProgressOptions<LoadProgress> = {}): Promise<Info> {
    return this.#loaded.get(options);
  }

  /** The connection of the loaded model. */
  async connection(signal?: AbortSignal): Promise<Connection> {
    await this.load({ signal });
    return this.#host.connection(signal);
  }

  close(): void {
    this.#loaded.reset();
    this.#host.close();
  }

  async #load({ signal, onProgress }: ProgressOptions<LoadProgress>): Promise<Info> {
    const { confirmDownload } = this.#options;
    const connection = await this.#host.connection(signal);
    try {
      const plan = await connection.call<DownloadPlan>('plan', [{}], { signal });
      if (plan.files.length > 0 && confirmDownload && !(await confirmDownload(plan))) {
        throw new InpageError(
          'download-declined',
          `The model "${plan.model}" (${plan.bytes} bytes) was not downloaded, because that was declined.`,
          {
            detail: { model: plan.model, bytes: plan.bytes },
          },
        );
      }
      return await connection.call<Info>('load', [{}], { signal, onProgress });
    } catch (error) {
      this.#host.reset(InpageError.is(error) ? error : closedError());
      throw error;
    }
  }
}
