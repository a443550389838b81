// A method of a service, called where the service is.
import { InpageError } from '../../util/errors.ts';
import type { RemoteOptions, Service } from '../rpc.ts';

/** Calls a method with `signal` and `onProgress` among its options; gives the items of a stream, or the one result. */
export async function* invoke(
  service: Service,
  method: string,
  args: readonly unknown[],
  { signal, onProgress }: Pick<RemoteOptions, 'signal' | 'onProgress'>,
): AsyncGenerator<unknown> {
  const target = service[method];
  if (!target) throw new InpageError('invalid-argument', `There is no method "${method}" on the other side.`);
  const options = { ...(args.at(-1) as object), signal, onProgress };
  const result = await target.call(service, ...([...args.slice(0, -1), options] as never[]));
  if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) yield* result as AsyncIterable<unknown>;
  else yield result;
}
