// The worker of the embedding model.

import { serveWorker } from '../src/runtime/serve-worker.ts';
import { embedService } from '../src/service/embed-service.ts';

serveWorker(embedService());
