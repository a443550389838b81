// Tools for agents. They are apart from the main entry: a page that has no agent loads none of this.
export { calculatorTool } from './calculator-tool.ts';
export { type CalendarDate, type DateToolOptions, dateTools } from './date-tools.ts';
export { domTools } from './dom/dom-tools.ts';
export type { DomToolOptions } from './dom/page-session.ts';
export { renderElement, renderView } from './dom/render-view.ts';
export { type Fetched, type FetchToolOptions, fetchTool } from './fetch-tool.ts';
export { connectMcp, type McpConnection, type McpOptions, type McpPrompt, type McpResource } from './mcp.ts';
export { type QueryToolOptions, queryTool } from './query-tool.ts';
export { type FoundPassage, type SearchToolOptions, searchTool } from './search-tool.ts';
export { hasWebMcp, registerWebMcp, type WebMcpOptions, webMcpTools } from './web-mcp.ts';
