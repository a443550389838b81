// Calls the tools by hand: what an agent gets is what is shown.
import type { Tool, ToolSet } from '../../src/index.ts';
import { byId, h } from './dom.ts';

/** Fills the list of tools and binds the form. */
export function startPlayground(tools: ToolSet): void {
  const choice = byId<HTMLSelectElement>('tool');
  const [input, output] = [byId<HTMLTextAreaElement>('input'), byId<HTMLTextAreaElement>('output')];
  choice.append(...Object.keys(tools).map((name) => h('option', { value: name }, name)));
  const chosen = () => tools[choice.value] as unknown as Tool;
  const show = () => {
    const { description, inputSchema } = chosen();
    const { required = [] } = inputSchema as { required?: readonly string[] };
    byId('tool-description').textContent = `${description} ${required.length > 0 ? `It needs ${required.join(' and ')}.` : ''}`;
    input.value = `{${required.map((name) => `"${name}": ${name === 'element' ? 1 : '""'}`).join(', ')}}`;
  };
  choice.addEventListener('change', show);
  show();
  byId('call').addEventListener('submit', async (event) => {
    event.preventDefault();
    const context = { signal: new AbortController().signal, task: '', tainted: false };
    try {
      const given = await chosen().execute(JSON.parse(input.value), context);
      output.value = typeof given === 'string' ? given : JSON.stringify(given, null, 2);
    } catch (error) {
      output.value = error instanceof Error ? error.message : String(error);
    }
  });
}
