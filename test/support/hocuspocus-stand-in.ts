import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';

/** Message types of Hocuspocus; every message begins with the document's name. */
const TYPE = { sync: 0, awareness: 1, auth: 2, syncStatus: 8 } as const;
const AUTHENTICATED = 2;

/**
 * As much of a Hocuspocus server as its provider needs to edit, in memory: the real one does not run on every version of
 * Node that we do. Resolves with its address.
 */
export async function startHocuspocusStandIn(): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const docs = new Map<string, Y.Doc>();
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    const open = new Map<string, () => void>();
    const send = (name: string, type: number, write: (encoder: encoding.Encoder) => void): void => {
      const encoder = encoding.createEncoder();
      encoding.writeVarString(encoder, name);
      encoding.writeVarUint(encoder, type);
      write(encoder);
      socket.send(encoding.toUint8Array(encoder));
    };
    const join = (name: string): Y.Doc => {
      const doc = docs.get(name) ?? new Y.Doc();
      docs.set(name, doc);
      const relay = (update: Uint8Array, origin: unknown): void => {
        if (origin !== socket) send(name, TYPE.sync, (encoder) => writeUpdate(encoder, update));
      };
      if (!open.has(name)) {
        doc.on('update', relay);
        open.set(name, () => doc.off('update', relay));
      }
      return doc;
    };
    socket.on('message', (data: Buffer) => {
      const decoder = decoding.createDecoder(new Uint8Array(data));
      const name = decoding.readVarString(decoder);
      const doc = join(name);
      switch (decoding.readVarUint(decoder)) {
        case TYPE.auth:
          send(name, TYPE.auth, (encoder) => {
            encoding.writeVarUint(encoder, AUTHENTICATED);
            encoding.writeVarString(encoder, 'read-write');
          });
          return send(name, TYPE.sync, (encoder) => writeSyncStep1(encoder, doc));
        case TYPE.sync: {
          const reply = encoding.createEncoder();
          const isQuestion = readSyncMessage(decoder, reply, doc, socket) === 0;
          if (isQuestion) send(name, TYPE.sync, (encoder) => encoding.writeBinaryEncoder(encoder, reply));
          else send(name, TYPE.syncStatus, (encoder) => encoding.writeVarUint(encoder, 1));
          return;
        }
        case TYPE.awareness: {
          const bytes = new Uint8Array(data);
          for (const other of server.clients) if (other !== socket) other.send(bytes);
          return;
        }
      }
    });
    socket.on('close', () => {
      for (const leave of open.values()) leave();
    });
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
