// A client for the official conformance scenarios: connects to the server whose address is the last argument, and calls every tool.
/** Of the built package. @type {typeof import('../../src/tool/mcp.ts')} */
const { connectMcp } = await import(new URL('../../dist/modules/tool/mcp.js', import.meta.url).href);

const { tools, close } = await connectMcp(/** @type {string} */ (process.argv.at(-1)));
const context = { signal: new AbortController().signal, task: '', tainted: false };
const input = /** @type {never} */ ({ a: 5, b: 3 });
for (const tool of Object.values(tools)) await tool.execute(input, context);
await close();
