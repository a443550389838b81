// The worker of the collection: reads, cuts, stores and finds; the embedding worker gives the vectors.

import { serveWorker } from '../src/runtime/serve-worker.ts';
import { storeService } from '../src/service/store-service.ts';

serveWorker(storeService());
