// The worker of a shard: holds codes of some segments and scans them for the store worker.

import { serveWorker } from '../src/runtime/serve-worker.ts';
import { scanService } from '../src/service/scan-service.ts';

serveWorker(scanService());
