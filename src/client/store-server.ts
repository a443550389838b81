// The address of a store's server as a worker takes it: a worker has another base than the page.
import type { StoreServer } from '../spec/store-server.ts';
import { absolute } from './transfer.ts';

/** The server with an absolute address, where it has one. */
export function absoluteServer(server: StoreServer | undefined): StoreServer | undefined {
  return server?.url === undefined ? server : { ...server, url: absolute(server.url) };
}
