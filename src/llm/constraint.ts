// Keeps a generation within the output that was asked for, by excluding every token that must not follow.
import type { PreTrainedTokenizer, Tensor } from '@huggingface/transformers';
import type { ResponseFormat } from '@huggingface/transformers-structured-output';
import { type PlainOutput, plainOutput } from '../prompt/plain-output.ts';
import type { OutputFormat } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';

type JSONSchema = Extract<ResponseFormat, { json_schema: unknown }>['json_schema'];

/** Follows one generation, from its first token on. */
export interface LogitsConstraint {
  /**
   * Sets the logits of the tokens that must not come next to -Infinity, in place. The end of the text is one of them until the
   * text is complete.
   * @param logits one value a token of the vocabulary
   * @param generated the tokens after the prompt; each call's go on from those of the call before
   */
  mask(logits: Float32Array, generated: readonly number[]): void;
}

/**
 * Makes the constraint of one generation.
 * @throws InpageError `missing-dependency`; `output-unsupported` with the names of what cannot be enforced; `invalid-argument`
 */
export async function createConstraint(tokenizer: PreTrainedTokenizer, output: OutputFormat): Promise<LogitsConstraint> {
  const { StructuredOutputProcessor } = await structuredOutput();
  let processor: InstanceType<typeof StructuredOutputProcessor>;
  try {
    processor = new StructuredOutputProcessor(tokenizer, responseFormat(plainOutput(output)));
  } catch (cause) {
    throw InpageError.is(cause) ? cause : unsupported(cause);
  }
  return {
    mask(logits, generated) {
      // It reads the values and the last dimension, and counts what it has seen before.
      const tensor = { data: logits, dims: [1, logits.length] } as unknown as Tensor;
      processor._call([generated as unknown as bigint[]], tensor);
    },
  };
}

async function structuredOutput(): Promise<typeof import('@huggingface/transformers-structured-output')> {
  try {
    return await import('@huggingface/transformers-structured-output');
  } catch (cause) {
    throw new InpageError(
      'missing-dependency',
      'Structured output needs the package "@huggingface/transformers-structured-output": ' +
        'npm install @huggingface/transformers-structured-output',
      { cause },
    );
  }
}

function responseFormat(output: PlainOutput): ResponseFormat {
  if ('schema' in output) return { type: 'json_schema', json_schema: output.schema as JSONSchema };
  if ('regex' in output) return { type: 'regex', regex: output.regex };
  return { type: 'regex', regex: output.choice.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|') };
}

function unsupported(cause: unknown): InpageError {
  return new InpageError('output-unsupported', `This output cannot be enforced here: ${(cause as Error).message}`, { cause });
}
