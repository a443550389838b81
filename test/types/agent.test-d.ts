// Types of tools and runs: the schema of a library tells the type of the input.
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { tool } from '../../src/agent/index.ts';
import type { AgentStep, Assistant, StandardSchema, Tool, ToolSet } from '../../src/index.ts';
import { dateTools, domTools, searchTool } from '../../src/tool/index.ts';

declare const assistant: Assistant;
declare const schema: StandardSchema<{ city: string }>;

test('tool() takes the type of its input from a Standard Schema', () => {
  const weather = tool({
    description: 'Weather.',
    inputSchema: schema,
    execute: (input, { signal, task }) => {
      expectTypeOf(input).toEqualTypeOf<{ city: string }>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(task).toEqualTypeOf<string>();
      return 21;
    },
    needsApproval: ({ city }) => city === 'Oslo',
  });
  expectTypeOf(weather).toEqualTypeOf<Tool<{ city: string }, number>>();
  const zod = tool({
    description: 'Adds.',
    inputSchema: z.object({ a: z.number(), b: z.number().optional() }),
    execute: ({ a, b = 0 }) => a + b,
  });
  expectTypeOf(zod.execute).parameter(0).toEqualTypeOf<{ a: number; b?: number | undefined }>();
});

test('tools of all kinds go into one set', () => {
  const plain = tool({
    description: 'Greets.',
    inputSchema: { type: 'object' },
    execute: ({ name }: { name: string }) => `Hello ${name}`,
  });
  const tools = { plain, ...searchTool(assistant), ...dateTools(), ...domTools() } satisfies ToolSet;
  expectTypeOf(assistant.run('Greet.', { tools })).toEqualTypeOf<AsyncIterable<AgentStep>>();
  // @ts-expect-error there is no such option
  assistant.run('Greet.', { tools, rounds: 3 });
});
