// The worker of the kill tests: what the page asks for, done where a store lives in real pages too.
import { expose } from 'comlink';
import { deleteCollection } from '../../../src/store/collections.ts';
import { endFollowing, follow, openTab, writeOn } from './tab.ts';
import { verify } from './verify.ts';
import { runWorkload } from './workload.ts';

const subject = { runWorkload, verify, deleteCollection, openTab, follow, endFollowing, writeOn };

export type Subject = typeof subject;

expose(subject);
