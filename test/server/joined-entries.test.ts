import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { type ClientHello, encodeBare, type ServerMessage } from '../../protocol/index.ts';
import { JoinedEntries } from '../../server/joined-entries.ts';
import { HELLO, type RawPeer, rawPeer, STEP_ONE } from '../support/raw-peer.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The update of each letter, typed one after the other. */
function typed(letters: number, doc = new Y.Doc()): Uint8Array[] {
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText('text');
  for (let i = 0; i < letters; i++) text.insert(text.length, 'abcdefgh'.charAt(i % 8));
  return updates;
}

function textOf(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc.getText('text').toString();
}

test('what was typed after the first letter is one update, and the same as it is', () => {
  const entries = typed(100);
  const joined = new JoinedEntries().join(0, entries);
  expect(joined).toHaveLength(2);
  expect(joined[0]).toBe(entries[0]);
  expect(textOf(joined)).toBe(textOf(entries));
});

test('a few are sent as they are', () => {
  const entries = typed(3);
  expect(new JoinedEntries().join(0, entries)).toEqual(entries);
});

test('who comes back a moment later gets what is joined already, and what came since', () => {
  const entries = typed(120);
  const all = new JoinedEntries();
  const [, joined] = all.join(0, entries.slice(0, 100));
  const later = all.join(0, entries.slice(0, 102));
  expect(later[1]).toBe(joined);
  expect(later.slice(2)).toEqual(entries.slice(100, 102));
  expect(textOf(all.join(0, entries))).toBe(textOf(entries));
  expect(all.join(0, entries)).toHaveLength(2);
});

test('those who come back to different places share what they both lack', () => {
  const entries = typed(700);
  const all = new JoinedEntries();
  const [one, other] = [all.join(0, entries), all.join(100, entries.slice(100))];
  expect(one).toHaveLength(4);
  expect(other).toHaveLength(3);
  expect(other[1]).toBe(one[2]);
  expect(other[2]).toBe(one[3]);
  expect(textOf([...entries.slice(0, 100), ...other])).toBe(textOf(entries));
});

test('what is joined is not taken for entries that are others', () => {
  const all = new JoinedEntries();
  all.join(0, typed(100));
  const others = typed(50);
  expect(textOf(all.join(0, others))).toBe(textOf(others));
});

test('what was not typed stands alone, also what Yjs chokes on, and nothing is lost with it', () => {
  const broken = Uint8Array.of(1, 1, 5);
  const doc = new Y.Doc();
  const before = typed(10, doc);
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  const since = Y.encodeStateVector(other);
  other.getMap('map').set('key', 'value');
  const notTyped = Y.encodeStateAsUpdate(other, since);
  const after = typed(10, doc);
  const all = new JoinedEntries();
  for (let i = 0; i < 2; i++) {
    const joined = all.join(0, [...before, notTyped, broken, ...after]);
    expect(joined).toHaveLength(5);
    expect(joined[2]).toBe(notTyped);
    expect(joined[3]).toBe(broken);
    expect(textOf(joined.filter((update) => update !== broken))).toBe(textOf([...before, ...after]));
  }
});

test('no more is joined at once than a moment takes: the rest is sent as it is', () => {
  const doc = new Y.Doc();
  const entries: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => entries.push(update));
  const text = doc.getText('text');
  for (let i = 0; i < 600; i++) text.insert(text.length, 'x'.repeat(200));
  const joined = new JoinedEntries().join(0, entries);
  expect(joined.length).toBeGreaterThan(256);
  expect(joined.length).toBeLessThan(600 - 200);
});

const updatesOf = ({ received }: RawPeer): Uint8Array[] =>
  received.flatMap((message) => (message.type === 'update' ? [message.update] : []));
const last = <T extends ServerMessage['type']>({ received }: RawPeer, type: T) =>
  received.findLast((message): message is Extract<ServerMessage, { type: T }> => message.type === type);

test('who joins or resumes is sent a tail in one update, and told a position that is right', async () => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  const url = `${server.syncUrl}/d`;
  const entries = typed(60);
  const messages = entries.map((update) => encodeBare({ type: 'update', update }));
  const writer = await rawPeer(url, [
    HELLO,
    STEP_ONE,
    encodeBare({ type: 'sync-step-2', update: Uint8Array.of(0, 0) }),
  ]);
  for (const message of messages.slice(0, 20)) writer.socket.send(message);
  await expect.poll(() => last(writer, 'position')?.seq).toBe(20);
  for (const message of messages.slice(20)) writer.socket.send(message);
  await expect.poll(() => last(writer, 'position')?.seq).toBe(60);

  const joins = await rawPeer(url, [HELLO, STEP_ONE]);
  await expect.poll(() => last(joins, 'sync-step-2')).toBeDefined();
  expect(updatesOf(joins)).toHaveLength(2);
  expect(textOf(updatesOf(joins))).toBe(textOf(entries));

  const epoch = last(joins, 'welcome')?.welcome.epoch ?? '';
  const resume = async (seq: number): Promise<RawPeer> => {
    const hello: ClientHello = { protocol: 1, resume: { epoch, seq } };
    const peer = await rawPeer(url, [encodeBare({ type: 'hello', hello }), STEP_ONE]);
    await expect.poll(() => last(peer, 'position')?.seq).toBe(60);
    return peer;
  };
  const resumed = await resume(20);
  expect(updatesOf(resumed)).toHaveLength(1);
  expect(textOf([...entries.slice(0, 20), ...updatesOf(resumed)])).toBe(textOf(entries));
  expect(Y.decodeUpdate(updatesOf(resumed)[0] as Uint8Array).structs[0]?.id.clock).toBe(20);
  expect(updatesOf(await resume(60))).toEqual([]);
});
