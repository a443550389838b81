// Agents: runs, patterns and what belongs to them. They are apart from the main entry; `assistant.run()` loads what it needs of this.
export { tool } from '../prompt/tool.ts';
export { quoteUntrusted, visibleText } from '../prompt/untrusted.ts';
export { page } from './page/page.ts';
export { type DepthFirstOptions, depthFirst } from './patterns/depth-first.ts';
export { loadPattern, patternNames } from './patterns/index.ts';
export { type ModuloOptions, modulo } from './patterns/modulo.ts';
export { react } from './patterns/react.ts';
export { reflect } from './patterns/reflect.ts';
export { rewoo } from './patterns/rewoo.ts';
export { defaultRoles, type Role, roles } from './patterns/roles.ts';
export { type AgentScript, type ReplayOptions, replay, type ScriptedCall, script } from './replay.ts';
export { runAgent } from './run.ts';
export { type SubAgentOptions, subAgent } from './sub-agent.ts';
export { type Undone, type UndoOptions, undo } from './undo.ts';
