// Store server: where a collection is kept that outgrows one page. Documents and their vectors go there.

interface Server {
  /** Sent along with each request. */
  headers?: Readonly<Record<string, string>>;
}

/** A Chroma server, by its HTTP API v2. It must allow the page's origin (`cors_allow_origins` in its configuration). */
export interface ChromaServer extends Server {
  kind: 'chroma';
  /** @default 'http://localhost:8000' */
  url?: string;
  /** @default 'default_tenant' */
  tenant?: string;
  /** @default 'default_database' */
  database?: string;
}

/** A Qdrant server, by its REST API. It must allow the page's origin (`service.enable_cors`, on by default). */
export interface QdrantServer extends Server {
  kind: 'qdrant';
  /** @default 'http://localhost:6333' */
  url?: string;
  apiKey?: string;
}

/** One of the servers that a collection can be on. */
export type StoreServer = ChromaServer | QdrantServer;
