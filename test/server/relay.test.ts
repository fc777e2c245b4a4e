import { expect, test } from 'vitest';
import type { ServerMessage } from '../../protocol/index.ts';
import type { Batch } from '../../server/batch.ts';
import { Metrics } from '../../server/metrics.ts';
import { type Recipient, Relay } from '../../server/relay.ts';
import type { RoomPeer } from '../../server/room-peer.ts';

const UPDATE: ServerMessage = { type: 'update', update: Uint8Array.of(1) };
const STATUS: ServerMessage = { type: 'sync-status', payload: Uint8Array.of(7) };
const POSITION: ServerMessage = { type: 'position', seq: 5 };

/** Two who are in a room, and what each of them has been sent, by write. */
function room(recipient: Partial<Recipient> = {}) {
  const relay = new Relay(new Metrics());
  const members = new Map<RoomPeer, Recipient>();
  const writes: Record<string, ServerMessage[][]> = { ada: [], ben: [] };
  const peer = (name: string): RoomPeer => {
    const made = {
      congested: false,
      send: (batch: Batch) => writes[name]?.push(batch.messages),
    } as unknown as RoomPeer;
    members.set(made, { current: true, behindSeq: undefined, owesAnswer: false, ...recipient });
    return made;
  };
  const [ada, ben] = [peer('ada'), peer('ben')];
  return { relay, members, writes, ada, ben };
}

test('the position rides with an edit, and is not worth a write to its author', () => {
  const { relay, members, writes, ada } = room();
  relay.ofDocument(UPDATE, ada);
  relay.flush(members, 4, { seq: 5, isOverdue: false });
  expect(writes).toEqual({ ada: [], ben: [[UPDATE, POSITION]] });
});

test('with the status of an edit its author hears it', () => {
  const { relay, members, writes, ada } = room();
  relay.ofDocument(UPDATE, ada);
  relay.forOne(ada, [STATUS]);
  relay.flush(members, 4, { seq: 5, isOverdue: false });
  expect(writes).toEqual({ ada: [[POSITION, STATUS]], ben: [[UPDATE, POSITION]] });
});

test('what is overdue goes to all, also by itself', () => {
  const { relay, members, writes, ada } = room();
  relay.flush(members, 4, { seq: 5, isOverdue: true });
  relay.ofDocument(UPDATE, ada);
  relay.flush(members, 4, { seq: 5, isOverdue: true });
  expect(writes).toEqual({ ada: [[POSITION], [POSITION]], ben: [[POSITION], [UPDATE, POSITION]] });
});

test('a status alone goes to its peer alone', () => {
  const { relay, members, writes, ben } = room();
  relay.forOne(ben, [STATUS]);
  relay.flush(members, 4);
  expect(writes).toEqual({ ada: [], ben: [[STATUS]] });
});

test('who was asked for what it has is told no position, and who has not got the document nothing of it', () => {
  for (const [recipient, sent] of [
    [{ owesAnswer: true }, [[UPDATE]]],
    [{ current: false }, []],
  ] as const) {
    const { relay, members, writes, ada } = room(recipient);
    relay.ofDocument(UPDATE, ada);
    relay.flush(members, 4, { seq: 5, isOverdue: true });
    expect(writes).toEqual({ ada: [], ben: sent });
  }
});
