// The assistant of a page as an element: `import { defineChat } from 'inpage/chat'; defineChat();`
export { defineChat, InpageChatElement } from './chat-element.ts';
