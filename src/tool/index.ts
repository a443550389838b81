// Tools for agents. They are apart from the main entry: a page that has no agent loads none of this.
export { domTools } from './dom/dom-tools.ts';
export type { DomToolOptions } from './dom/page-session.ts';
export { renderElement, renderView } from './dom/render-view.ts';
