// The part of the page that the agent works in: a booking form and a list of things to do. It knows nothing of the agent.
import { byId, h } from './dom.ts';

/** Binds the two forms. */
export function startWorkplace(): void {
  const booking = byId<HTMLFormElement>('booking');
  booking.addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(booking);
    const extras = data.getAll('extras').map((extra) => `, ${extra}`);
    byId('booked').textContent =
      `Booked: ${data.get('room')} for ${data.get('name')}, ${data.get('guests')} guests, from ${data.get('arrival')}${extras.join('')}.`;
  });
  const tasks = byId<HTMLFormElement>('tasks');
  tasks.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = String(new FormData(tasks).get('task')).trim();
    if (text) byId('task-list').append(h('li', {}, h('label', {}, h('input', { type: 'checkbox' }), ` ${text}`)));
    tasks.reset();
  });
}
