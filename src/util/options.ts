// Options with defaults, where an explicit `undefined` means "not given".

/** The options that were given, over the defaults. */
export function withDefaults<D extends object, O extends object>(
  defaults: D,
  options: O,
): O & { [K in keyof D]: K extends keyof O ? NonNullable<O[K]> : D[K] } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as never;
}
