// Plays tasks of MiniWoB++, each from several seeds, with a policy that sees the page through the DOM tools only.
import { bootstrap, type Estimate } from '../../../src/eval/bootstrap.ts';
import { domTools } from '../../../src/tool/index.ts';
import { agentPolicy } from './agent-policy.ts';
import { benchmarkParts, TaskFrame } from './frame.ts';
import { Hands } from './hands.ts';
import { oraclePolicy } from './oracles.ts';
import { pause } from './pause.ts';
import type { Policy } from './policy.ts';

/** What is played. */
export interface MiniwobRun {
  tasks: readonly string[];
  /** Episodes a task. */
  seeds: number;
  policy: 'oracle' | 'agent';
}

/** How one episode went. */
export interface Episode {
  task: string;
  seed: number;
  utterance: string;
  /** Without the discount for time; a success is more than 0. */
  reward: number;
  /** Tool calls. */
  steps: number;
  tokens: number;
  ms: number;
  error?: string;
}

/** Episodes of one task, or of all. */
export interface MiniwobRow {
  set: string;
  n: number;
  metrics: Record<'success' | 'reward' | 'steps' | 'tokens', Estimate>;
  msPerCase: number;
}

const policies: Record<MiniwobRun['policy'], () => Policy> = { oracle: () => oraclePolicy, agent: () => agentPolicy() };

/** Upper time of an episode in ms. */
const patience = 60_000;

/** @param address folder of the tasks' pages */
export async function playMiniwob(
  { tasks, seeds, policy }: MiniwobRun,
  address: string,
): Promise<{ rows: MiniwobRow[]; episodes: Episode[] }> {
  const episodes: Episode[] = [];
  const frame = new TaskFrame();
  const play = policies[policy]();
  for (const [index, task] of tasks.entries()) {
    window.inpageEmit?.({ type: 'progress', what: task, done: index + 1, total: tasks.length });
    for (let seed = 1; seed <= seeds; seed++) {
      // Anew each time: some pages keep listeners and timers of the episode before.
      await frame.open(`${address}${task}.html`);
      episodes.push(await playEpisode(frame, task, seed, play));
    }
  }
  frame.close();
  const rows = tasks.map((task) =>
    row(
      task,
      episodes.filter((episode) => episode.task === task),
    ),
  );
  return { rows: [...rows, row('all', episodes)], episodes };
}

async function playEpisode(frame: TaskFrame, task: string, seed: number, policy: Policy): Promise<Episode> {
  const utterance = frame.start(String(seed));
  // Pictures of style sheets have no size until they are there.
  await pause(150);
  const started = performance.now();
  const controller = new AbortController();
  const tools = domTools({ root: () => frame.body, ignore: benchmarkParts });
  const hands = new Hands(utterance, tools, controller.signal);
  let error: string | undefined;
  const over = (async () => {
    while (!frame.done && performance.now() - started < patience) await pause(10);
    controller.abort();
  })();
  try {
    await policy(hands, task);
  } catch (reason) {
    // An episode that is over ends the policy in the middle of what it does.
    if (!frame.done) error = reason instanceof Error ? reason.message : String(reason);
  }
  if (!frame.done) await pause(100);
  frame.stop();
  await over;
  const { reward } = frame;
  const ms = performance.now() - started;
  return { task, seed, utterance, reward, steps: hands.calls, tokens: hands.tokens, ms, ...(error && { error }) };
}

function row(set: string, episodes: readonly Episode[]): MiniwobRow {
  const mean = (value: (episode: Episode) => number) => bootstrap(episodes.map(value));
  return {
    set,
    n: episodes.length,
    metrics: {
      success: mean(({ reward }) => (reward > 0 ? 1 : 0)),
      reward: mean(({ reward }) => reward),
      steps: mean(({ steps }) => steps),
      tokens: mean(({ tokens }) => tokens),
    },
    msPerCase: episodes.reduce((sum, { ms }) => sum + ms, 0) / Math.max(1, episodes.length),
  };
}
