// What the benchmark asks of each system, whatever it stores and whatever it is asked.

/** A system that answers queries. Ids are the numbers of the rows, from 0. */
export interface OpenSystem<Query> {
  /** The best `k` rows, best first. */
  search(query: Query, k: number): readonly number[] | Promise<readonly number[]>;
}

/** What building gives. */
export interface Built<Query> {
  /** Settings, and what is worth knowing about this system's figures. */
  note: string;
  /** Answers from memory, for systems whose storage fails: asked where nothing can be opened. */
  inMemory?: OpenSystem<Query>;
}

/** One system, in its own origin, so that it may name its databases as it likes. */
export interface System<Data, Query> {
  /** Stores all data. Resolves when it is durable, as far as the system can tell. */
  build(data: Data): Promise<Built<Query>>;
  /** Opens what another page has built. */
  open(): Promise<OpenSystem<Query>>;
}

/** The data that systems are compared on. Settings come from the driver, as plain data. */
export interface Suite<DataSettings, Data, QuerySettings, Query> {
  openData(settings: DataSettings): Promise<Data>;
  openQueries(settings: QuerySettings): Promise<readonly Query[]>;
}
