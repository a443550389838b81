// Remote store: the `Store` contract over a server's database, for collections that outgrow one machine.
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type {
  DocumentHead,
  DocumentRecord,
  DocumentWriter,
  Hit,
  Store,
  StoreProgress,
  StoreQuery,
  StoreStats,
  VectorDocument,
  VectorProgress,
} from '../spec/store.ts';
import { compileCondition } from '../store/filter/predicate.ts';
import { checkQuery, type Query } from '../store/search/query.ts';
import { checkSameSpace } from '../store/space.ts';
import { checkHead, checkRange, checkSpace, invalid } from '../store/validate.ts';
import { addDocuments } from '../store/write/add-documents.ts';
import { abortable, Turnstile } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { headingPaths } from '../util/heading-path.ts';
import type { FoundPassage, PassageDatabase, StoredDocument } from './passage-database.ts';
import { RemoteWriter, type RemoteWriterHost } from './remote-writer.ts';

/** Passages beyond `k` that are asked for: some may be of documents that have just been replaced. */
const sparePassages = 16;

/**
 * A store on a server: dense search only, and a filter reads the records of all documents. Its files are the server's own matter.
 * Passages of a writer that was never committed nor aborted stay invisible; `compact` removes them.
 */
export class RemoteStore implements Store, RemoteWriterHost {
  readonly database: PassageDatabase;
  readonly #name: string;
  readonly #commits = new Turnstile();
  #space: EmbeddingSpace | undefined;
  #lastOrder = 0;
  #closed = false;

  /** @param name of the collection, for messages */
  constructor(database: PassageDatabase, name: string) {
    this.database = database;
    this.#name = name;
  }

  async bind(space: EmbeddingSpace): Promise<void> {
    this.checkOpen();
    const given = checkSpace(space);
    if (!(await this.database.space())) await this.database.create(given);
    checkSameSpace((await this.database.space()) ?? given, given);
    this.#space = given;
  }

  async hash(id: string): Promise<string | undefined> {
    this.checkOpen();
    return (await this.#document(id))?.head.hash;
  }

  async write(head: DocumentHead): Promise<DocumentWriter> {
    this.checkOpen();
    if (!this.#space) throw invalid('The collection is not bound to an embedding space. Call bind() before write().');
    return new RemoteWriter(this, checkHead(head), this.#space);
  }

  add(
    documents: Iterable<VectorDocument> | AsyncIterable<VectorDocument>,
    options?: ProgressOptions<VectorProgress>,
  ): Promise<VectorProgress> {
    return addDocuments(this, documents, options);
  }

  search(query: StoreQuery): Promise<Hit[]>;
  search(queries: readonly StoreQuery[]): Promise<Hit[][]>;
  async search(given: StoreQuery | readonly StoreQuery[]): Promise<Hit[] | Hit[][]> {
    this.checkOpen();
    if (!Array.isArray(given)) return this.#search(given as StoreQuery);
    return Promise.all(given.map((query) => this.#search(query)));
  }

  async list(): Promise<DocumentRecord[]> {
    this.checkOpen();
    return (await this.database.documents(undefined)).sort((a, b) => a.order - b.order).map(toRecord);
  }

  async text(id: string, start = 0, end?: number): Promise<string> {
    this.checkOpen();
    const document = await this.#document(id);
    if (!document) {
      throw new InpageError('not-found', `There is no document "${id}". Use list() to see those that are there.`, {
        detail: { document: id },
      });
    }
    const range = checkRange(start, end ?? Math.max(start, document.length), document.length);
    return (await this.database.text(id)).slice(range.start, range.end);
  }

  async passages(): Promise<never> {
    throw invalid(
      'A collection on a server does not tell the passages of a document. Keep the collection in the browser for this.',
    );
  }

  async remove(ids: readonly string[]): Promise<number> {
    this.checkOpen();
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
      throw invalid('remove() needs an array of document ids.');
    return this.#commits.run(async () => {
      const found = await this.database.documents([...new Set(ids)]);
      await this.database.removeDocuments(found.map(({ head }) => head.id));
      await this.database.removePassages(found.map(({ version }) => version));
      return found.length;
    });
  }

  async clear(): Promise<void> {
    this.checkOpen();
    await this.#commits.run(() => this.database.drop());
    this.#space = undefined;
  }

  async compact({ signal, onProgress }: ProgressOptions<StoreProgress> = {}): Promise<void> {
    this.checkOpen();
    await this.#commits.run(
      async () => {
        const left = new Set(await this.database.versions({ signal }));
        for (const { version } of await this.database.documents(undefined, { signal })) left.delete(version);
        let done = 0;
        for (const version of left) {
          await this.database.removePassages([version], { signal });
          onProgress?.({ done: ++done, total: left.size });
        }
      },
      { signal },
    );
  }

  export(): never {
    throw unsupported('export');
  }

  async import(): Promise<never> {
    throw unsupported('import');
  }

  async stats(): Promise<StoreStats> {
    this.checkOpen();
    const [space, documents] = await Promise.all([this.database.space(), this.database.documents(undefined)]);
    const chunks = documents.reduce((sum, document) => sum + document.chunks, 0);
    return {
      name: this.#name,
      documents: documents.length,
      chunks,
      bytes: {
        vectors: chunks * (space?.dimension ?? 0) * Float32Array.BYTES_PER_ELEMENT,
        lexical: 0,
        text: documents.reduce((sum, { length }) => sum + length, 0),
      },
      memory: { codes: 0, vectors: 0, text: 0 },
      persistent: true,
      ...(space && { space }),
      formatVersion: 1,
      segments: 0,
      deleted: 0,
      epoch: this.#lastOrder,
      origins: [],
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  checkOpen(): void {
    if (!this.#closed) return;
    throw new InpageError('closed', `The collection "${this.#name}" was closed. Open it again.`);
  }

  commit(document: Omit<StoredDocument, 'order' | 'addedAt'>, text: string): Promise<DocumentRecord> {
    const bound = this.#space;
    return this.#commits.run(async () => {
      const space = await this.database.space();
      if (space && bound) checkSameSpace(space, bound);
      const before = await this.#document(document.head.id);
      const addedAt = Date.now();
      // Microseconds, so that commits of one millisecond keep their order.
      this.#lastOrder = Math.max(this.#lastOrder + 1, addedAt * 1000);
      const stored: StoredDocument = { ...document, order: this.#lastOrder, addedAt };
      await this.database.putDocument(stored, text);
      if (before) await this.database.removePassages([before.version]);
      return toRecord(stored);
    });
  }

  async #document(id: string): Promise<StoredDocument | undefined> {
    return (await this.database.documents([id]))[0];
  }

  async #search(given: StoreQuery): Promise<Hit[]> {
    const query = checkQuery(given);
    if (given.mode === 'lexical' || given.mode === 'hybrid' || !query.vector) {
      throw invalid(
        `The collection "${this.#name}" is on a server that searches by vectors only. Use mode 'dense', or leave the mode out.`,
      );
    }
    query.signal?.throwIfAborted();
    return abortable(this.#nearest(query.vector, query), query.signal);
  }

  async #nearest(vector: Float32Array, { k, condition, signal }: Query): Promise<Hit[]> {
    const call: CallOptions = { signal };
    const space = await this.database.space(call);
    if (!space) return [];
    if (this.#space) checkSameSpace(space, this.#space);
    if (vector.length !== space.dimension)
      throw invalid(`The query vector has ${vector.length} dimensions, the collection ${space.dimension}.`);
    const meets = condition && compileCondition(condition);
    const chosen = meets && (await this.database.documents(undefined, call)).filter((document) => meets(toRecord(document)));
    if (chosen?.length === 0) return [];
    for (let limit = k + sparePassages; ; limit *= 2) {
      const versions = chosen?.map(({ version }) => version);
      const found = await this.database.search(vector, limit, versions, call);
      const documents = chosen ?? (await this.database.documents([...new Set(found.map(({ document }) => document))], call));
      const hits = joinDocuments(found, documents);
      if (hits.length >= k || found.length < limit) return hits.slice(0, k);
    }
  }
}

/** Hits of the passages that are of their document's version, best first; equal ones by document and passage. */
function joinDocuments(found: readonly FoundPassage[], documents: readonly StoredDocument[]): Hit[] {
  const current = new Map(documents.map((document) => [document.version, document]));
  return found
    .flatMap((passage) => {
      const document = current.get(passage.version);
      return document ? [{ passage, document }] : [];
    })
    .sort((a, b) => b.passage.score - a.passage.score || a.document.order - b.document.order || a.passage.chunk - b.passage.chunk)
    .map(({ passage, document }) => toHit(passage, document));
}

function toHit({ chunk, start, end, text, score }: FoundPassage, { head }: StoredDocument): Hit {
  const { id, title, url, mediaType, metadata, sections } = head;
  const headings = headingPaths(sections)(start, end);
  return {
    id: `${id}#${chunk}`,
    document: id,
    title,
    url,
    mediaType,
    text,
    start,
    end,
    headings,
    metadata,
    score,
    scores: { dense: score },
  };
}

function toRecord({ head: { sections: _, ...head }, length, chunks, addedAt }: StoredDocument): DocumentRecord {
  return { ...head, length, chunks, addedAt };
}

function unsupported(what: string): InpageError {
  return invalid(`A collection on a server has no ${what}: use the server's own backup, or add the documents again.`);
}
