// Metadata of documents and the filters over it.

/** A value that a document holds. Dates are kept as ISO 8601 strings or epoch milliseconds. */
export type MetadataValue = string | number | boolean | null | readonly (string | number | boolean)[];

/** Flat key–value data kept with a document. */
export type Metadata = Readonly<Record<string, MetadataValue>>;

/**
 * A value as it is handed in: a `Date` stands for its ISO 8601 string in UTC, as `toISOString` gives it.
 * Strings compare by UTF-16 code units, so dates compare rightly if all of a field are written in that one form.
 */
export type MetadataInputValue = MetadataValue | Date | readonly (string | number | boolean | Date)[];

/** Metadata as it is handed in. */
export type MetadataInput = Readonly<Record<string, MetadataInputValue>>;

/** Comparison of one field. On array values `$eq` and `$in` mean "contains". */
export interface FieldFilter {
  $eq?: MetadataInputValue;
  $ne?: MetadataInputValue;
  $in?: readonly MetadataInputValue[];
  $nin?: readonly MetadataInputValue[];
  $gt?: string | number | Date;
  $gte?: string | number | Date;
  $lt?: string | number | Date;
  $lte?: string | number | Date;
  /** `true`: the field is there and not null. */
  $exists?: boolean;
}

/**
 * A condition on metadata; all its entries must hold (logical and).
 * A bare value means `$eq`. Besides the document's own metadata the fields `id`, `title`, `url` and `mediaType` can be used.
 */
export type Filter = {
  readonly [field: string]: MetadataInputValue | FieldFilter | readonly Filter[] | Filter | undefined;
} & {
  readonly $and?: readonly Filter[];
  readonly $or?: readonly Filter[];
  readonly $not?: Filter;
};
