// What the references of a JSON Schema mean: addresses, anchors and JSON Pointers (draft 2020-12, sections 8.2 and 9.2).
import { isObject, isSchema, type Schema, type SchemaObject, subschemas } from './subschemas.ts';

/** A schema with an address of its own, and the names in it. */
export interface Resource {
  readonly uri: string;
  readonly root: Schema;
  readonly anchors: Map<string, Schema>;
  readonly dynamicAnchors: Map<string, Schema>;
  /** Its dialect has the vocabulary of validation. */
  readonly validates: boolean;
}

/** What a reference points at; `dynamicAnchor` is the name, if it was by one. */
export interface Target {
  schema: Schema;
  resource: Resource;
  dynamicAnchor?: string;
}

const anonymous = 'https://schema.invalid/';
const validation = 'https://json-schema.org/draft/2020-12/vocab/validation';

/** Every schema that can be reached from one. */
export class Resources {
  readonly root: Resource;
  readonly #known: Readonly<Record<string, Schema>>;
  readonly #byUri = new Map<string, Resource>();
  readonly #homes = new WeakMap<object, Resource>();

  /** @param known other schemas that may be referred to, by address; nothing is ever fetched */
  constructor(schema: Schema, known: Readonly<Record<string, Schema>>) {
    this.#known = known;
    this.root = this.#add(schema, anonymous);
  }

  /** The resource that a schema lies in. */
  home(schema: SchemaObject): Resource {
    return this.#homes.get(schema)!;
  }

  /** @throws TypeError if there is nothing at the reference */
  resolve(reference: string, from: Resource): Target {
    const { href } = new URL(reference, from.uri);
    const [uri = '', encoded = ''] = href.split('#');
    const resource = this.#byUri.get(uri) ?? this.#load(uri);
    const fragment = decodeURIComponent(encoded);
    const found = fragment && !fragment.startsWith('/') ? this.#named(fragment, resource) : this.#pointed(fragment, resource);
    if (!found) throw new TypeError(`There is nothing at the reference "${reference}"`);
    return found;
  }

  #named(name: string, resource: Resource): Target | undefined {
    const dynamic = resource.dynamicAnchors.get(name);
    if (dynamic !== undefined) return { schema: dynamic, resource, dynamicAnchor: name };
    const schema = resource.anchors.get(name);
    return schema === undefined ? undefined : { schema, resource };
  }

  #pointed(pointer: string, resource: Resource): Target | undefined {
    let value: unknown = resource.root;
    let home = resource;
    for (const token of pointer.split('/').slice(1)) {
      const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as SchemaObject)[name];
      if (isObject(value)) home = this.#homes.get(value) ?? home;
    }
    if (!isSchema(value)) return undefined;
    // A place that no keyword of the standard leads to.
    if (isObject(value) && !this.#homes.has(value)) this.#index(value, home);
    return { schema: value, resource: isObject(value) ? this.home(value) : home };
  }

  #load(uri: string): Resource {
    const schema = this.#known[uri];
    if (schema === undefined) throw new TypeError(`The schema refers to "${uri}", which is not part of it`);
    const resource = this.#add(schema, uri);
    this.#byUri.set(uri, resource);
    return resource;
  }

  /** @param base where the schema was found; its own address may be another */
  #add(schema: Schema, base: string, parent?: Resource): Resource {
    const resource: Resource = {
      uri: addressOf(schema, base) ?? base,
      root: schema,
      anchors: new Map(),
      dynamicAnchors: new Map(),
      validates: this.#validates(schema) ?? parent?.validates ?? true,
    };
    this.#byUri.set(resource.uri, resource);
    if (isObject(schema)) this.#index(schema, resource);
    return resource;
  }

  #index(schema: SchemaObject, resource: Resource): void {
    this.#homes.set(schema, resource);
    const { $anchor, $dynamicAnchor } = schema;
    if (typeof $anchor === 'string') resource.anchors.set($anchor, schema);
    if (typeof $dynamicAnchor === 'string') resource.dynamicAnchors.set($dynamicAnchor, schema);
    for (const [, each] of subschemas(schema)) {
      if (!isObject(each)) continue;
      if (addressOf(each, resource.uri)) this.#add(each, resource.uri, resource);
      else this.#index(each, resource);
    }
  }

  /** Whether a dialect that is known validates; undefined where the schema names none. */
  #validates(schema: Schema): boolean | undefined {
    const dialect = isObject(schema) && typeof schema.$schema === 'string' ? this.#known[schema.$schema] : undefined;
    if (!isObject(dialect) || !isObject(dialect.$vocabulary)) return undefined;
    return validation in dialect.$vocabulary;
  }
}

/** The address that a schema gives itself. */
function addressOf(schema: Schema, base: string): string | undefined {
  if (!isObject(schema) || typeof schema.$id !== 'string') return undefined;
  return new URL(schema.$id, base).href.split('#')[0];
}
