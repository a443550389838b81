// The worker of the chat model.

import { serveWorker } from '../src/runtime/serve-worker.ts';
import { llmService } from '../src/service/llm-service.ts';

serveWorker(llmService());
