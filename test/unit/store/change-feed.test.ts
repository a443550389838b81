// The change feed: who hears of what.
import { afterEach, expect, test } from 'vitest';
import { announceDeletion, ChangeFeed } from '../../../src/store/change-feed.ts';

const open: ChangeFeed[] = [];
afterEach(() => {
  for (const feed of open.splice(0)) feed.close();
});

function listen(name: string) {
  const heard = { behind: 0, changes: 0 };
  const feed = new ChangeFeed(name, { onBehind: () => heard.behind++, onChange: () => heard.changes++ });
  open.push(feed);
  return { feed, heard };
}

test('the others of the same name hear, at once that they are behind and then of the change', async () => {
  const [one, two, other] = [listen('a'), listen('a'), listen('b')];
  expect(one.feed.hears).toBe(true);
  one.feed.announce(1);
  expect(two.heard).toEqual({ behind: 1, changes: 0 });
  await expect.poll(() => two.heard.changes).toBe(1);
  announceDeletion('a');
  expect([one.heard.behind, two.heard.behind]).toEqual([1, 3]);
  await expect.poll(() => one.heard.changes + two.heard.changes).toBe(3);
  expect(other.heard).toEqual({ behind: 0, changes: 0 });
});

test('who is mute tells without hearing of changes, who is closed hears nothing', async () => {
  const [mute, closed, third] = [listen('a'), listen('a'), listen('a')];
  mute.feed.mute();
  closed.feed.close();
  mute.feed.announce(1);
  third.feed.announce(2);
  await expect.poll(() => third.heard.changes).toBe(1);
  expect(mute.heard.changes).toBe(0);
  expect(closed.heard).toEqual({ behind: 0, changes: 0 });
  expect(closed.feed.hears).toBe(false);
});
