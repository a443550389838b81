// Metadata of documents and the filters over it.

/** A value that a filter can compare. Dates are kept as ISO 8601 strings or epoch milliseconds. */
export type MetadataValue = string | number | boolean | null | readonly (string | number | boolean)[];

/** Flat key–value data kept with a document. */
export type Metadata = Readonly<Record<string, MetadataValue>>;

/** Comparison of one field. On array values `$eq` and `$in` mean "contains". */
export interface FieldFilter {
  $eq?: MetadataValue;
  $ne?: MetadataValue;
  $in?: readonly MetadataValue[];
  $nin?: readonly MetadataValue[];
  $gt?: string | number;
  $gte?: string | number;
  $lt?: string | number;
  $lte?: string | number;
  /** `true`: the field is there and not null. */
  $exists?: boolean;
}

/**
 * A condition on metadata; all its entries must hold (logical and).
 * A bare value means `$eq`. Besides the document's own metadata the fields `id`, `title`, `url` and `mediaType` can be used.
 */
export type Filter = {
  readonly [field: string]: MetadataValue | FieldFilter | readonly Filter[] | Filter | undefined;
} & {
  readonly $and?: readonly Filter[];
  readonly $or?: readonly Filter[];
  readonly $not?: Filter;
};
