// @ts-nocheck: the rest of this file is shown on the page as it is, without annotations for the compiler
const assistant = await inpage.createAssistant({ name: 'embed', preload: false });
const [form, output] = document.querySelectorAll('form, output');
form.onsubmit = async (event) => {
  event.preventDefault();
  output.textContent = 'Reading this page…\n';
  await assistant.add(document.querySelector('main'));
  for await (const { text = '' } of assistant.ask(form.question.value)) {
    output.append(text);
  }
};
