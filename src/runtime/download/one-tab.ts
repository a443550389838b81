// One tab downloads a file while the others wait and see its progress. A Web Lock says whose turn it is: when the tab that
// downloads is closed or dies, the next one goes on from what is stored.

interface Report {
  url: string;
  loaded: number;
}

/** Reports to other tabs are no more frequent, in milliseconds. */
const interval = 100;

/**
 * Does the work on a file when no other tab or worker of the origin is at it. Without Web Locks at once.
 * @param shared whether other tabs see the same files; if not, there is nothing to wait for
 * @param work is given the function that reports its progress
 */
export async function oneTabAtATime(
  url: string,
  { shared, signal, onProgress }: { shared: boolean; signal?: AbortSignal; onProgress?: (loaded: number) => void },
  work: (report: (loaded: number) => void) => Promise<void>,
): Promise<void> {
  const locks = globalThis.navigator?.locks;
  if (!locks || !shared) return work((loaded) => onProgress?.(loaded));
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('inpage-downloads');
  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.url === url && !signal?.aborted) onProgress?.(data.loaded);
    };
  }
  let last = 0;
  const report = (loaded: number) => {
    onProgress?.(loaded);
    const now = performance.now();
    if (now - last < interval) return;
    last = now;
    channel?.postMessage({ url, loaded } satisfies Report);
  };
  try {
    await locks.request(`inpage-download:${url}`, signal ? { signal } : {}, () => {
      if (channel) channel.onmessage = null;
      return work(report);
    });
  } finally {
    channel?.close();
  }
}
