// What the tests in the page and the server share.

/** The key of the scenario `key`. */
export const testKey = 'secret-key-of-the-test';

/** The body of a request. */
export type RequestBody = Record<string, unknown> & { messages?: { role: string; content: string }[] };

/** A request as the server saw it. */
export interface SeenRequest {
  path: string;
  authorization?: string;
  body: RequestBody;
  /** Requests that ran at this time, this one included. */
  running: number;
}
