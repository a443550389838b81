// The prompt as web-llm makes it of messages, to count its tokens before it is computed: a list of texts, each tokenized by itself.
import type { ConversationTemplate, MlcConfig } from '../runtime/web-llm-model.ts';
import type { ChatMessage } from '../spec/llm.ts';

/** The template of a model, with what its configuration changes in it. */
export function templateOf({ conv_template, conv_config }: MlcConfig): ConversationTemplate {
  return { ...conv_template, ...conv_config };
}

/** The texts of a prompt, the beginning of the answer included. */
export function promptTexts(messages: readonly ChatMessage[], template: ConversationTemplate): string[] {
  const { roles, role_templates = {}, role_content_sep, role_empty_sep, seps } = template;
  const [first, ...rest] = messages;
  const given = first?.role === 'system' ? first.content : undefined;
  const system = systemText(given ?? template.system_message, template);
  const turns = given === undefined ? messages : rest;
  const texts = turns.map(({ role, content }, index) => {
    const text = role_templates[role]?.replace(`{${role}_message}`, () => content).replace('{function_string}', '') ?? content;
    const bare = template.add_role_after_system_message === false && system !== '' && index === 0;
    const header = bare ? '' : `${roles[role]}${role_content_sep ?? ': '}`;
    return header + text + seps[index % seps.length];
  });
  return [...(system ? [system] : []), ...texts, `${roles.assistant}${role_empty_sep ?? ': '}`];
}

function systemText(message: string, { system_template, render_empty_system_message }: ConversationTemplate): string {
  if (message === '' && render_empty_system_message === false) return '';
  return system_template.replace('{system_message}', () => message);
}

/**
 * The messages as web-llm must be given them. It puts a text into its template by `String.replace`, to which `$&` and the like mean
 * something: `$$` stands for one `$`.
 */
export function escapeMessages(messages: readonly ChatMessage[], { role_templates = {} }: ConversationTemplate): ChatMessage[] {
  return messages.map(({ role, content }) => ({
    role,
    content: role === 'system' || role_templates[role] !== undefined ? content.replaceAll('$', '$$$$') : content,
  }));
}
