// PGlite with pgvector: Postgres in the page, stored in IndexedDB, an HNSW index over inner products.
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { VectorSystem } from './suite.ts';

/** @param relaxedDurability does not wait for IndexedDB after each statement: right for reading, loses data in writing */
const connect = (relaxedDurability: boolean) => PGlite.create('idb://bench', { extensions: { vector }, relaxedDurability });

const system: VectorSystem = {
  async build(dataset) {
    const database = await connect(false);
    await database.exec(
      `CREATE EXTENSION IF NOT EXISTS vector; CREATE TABLE passages (id int PRIMARY KEY, embedding vector(${dataset.dimension}))`,
    );
    for (const { first, rows, data } of dataset.batches(5000)) {
      const lines = Array.from({ length: rows }, (_, i) => {
        const row = data.subarray(i * dataset.dimension, (i + 1) * dataset.dimension);
        return `${first + i}\t[${row.join(',')}]\n`;
      });
      await database.query(`COPY passages FROM '/dev/blob'`, [], { blob: new Blob(lines) });
    }
    await database.exec(`SET maintenance_work_mem = '256MB'; CREATE INDEX ON passages USING hnsw (embedding vector_ip_ops)`);
    await database.close();
    return { note: 'HNSW, m 16, ef_construction 64, ef_search 40 (defaults); relaxed durability while reading' };
  },

  async open() {
    const database = await connect(true);
    return {
      async search(query, k) {
        const { rows } = await database.query<{ id: number }>(
          'SELECT id FROM passages ORDER BY embedding <#> $1::vector LIMIT $2',
          [`[${query.join(',')}]`, k],
        );
        return rows.map(({ id }) => id);
      },
    };
  },
};

export default system;
