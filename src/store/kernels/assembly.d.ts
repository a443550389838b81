// What `test/support/build-plugins.mjs` makes of an AssemblyScript source that is imported with `?assembly`.

declare module '*?assembly' {
  /** The WebAssembly module in base64. */
  const base64: string;
  export default base64;
}
