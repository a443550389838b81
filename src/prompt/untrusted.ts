// Text from documents is data: it must not be able to end its own wrapping or to speak as another role.

/**
 * Takes the power out of markup that a prompt gives meaning to: chat-template tokens (`<|…|>`) and the wrapper's own tags.
 * The wording stays readable; only a space is put in.
 */
export function defuse(text: string): string {
  return text.replace(/<(?=\||\/?\s*(?:source|sources|s|bos|eos|system|user|assistant)\b)/gi, '< ').replace(/\|>/g, '| >');
}
