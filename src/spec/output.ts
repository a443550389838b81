// Structured output: what the text of a generation must look like.

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown } | boolean;

/**
 * A schema object of a validation library (Zod, Valibot, ArkType …) by the Standard Schema and Standard JSON Schema interfaces,
 * https://standardschema.dev.
 */
export interface StandardSchema<T = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<T> | Promise<StandardResult<T>>;
    readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-2020-12' }) => JsonSchema };
  };
}

/** What a {@link StandardSchema} says of a value. */
export type StandardResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
      }[];
    };

/** One of three ways to say what is allowed. */
export type OutputFormat =
  /** A JSON value that the schema takes. */
  | { schema: JsonSchema | StandardSchema }
  /** A text that the whole regular expression matches; source text, without flags. */
  | { regex: string }
  /** One of these texts. */
  | { choice: readonly string[] };

/** Which of the three ways. */
export type OutputKind = 'schema' | 'regex' | 'choice';
