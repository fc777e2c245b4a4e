import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Client } from '../../bench/generator/client.ts';
import { editMarker } from '../../bench/generator/marker.ts';

// Below, at and above the places where the length of a frame takes more bytes.
const LENGTHS = [1, 125, 126, 127, 65_535, 65_536, 300_000];

let server: WebSocketServer;
let client: Client;
let messages: Buffer[];
let edits: number[];
let socket: WebSocket;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const connected = once(server, 'connection') as Promise<[WebSocket]>;
  [messages, edits] = [[], []];
  client = new Client((server.address() as AddressInfo).port, '/room', {
    onEdit: (number) => edits.push(number),
    onMove: () => {},
    onMessage: (message) => messages.push(message),
  });
  client.keepBytes = Number.POSITIVE_INFINITY;
  [socket] = await connected;
  await client.opened;
});

afterEach(() => {
  client.leave();
  for (const one of server.clients) one.terminate();
  server.close();
});

const bytesOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => i % 256));

test('Messages of any length arrive as they were sent, in both directions.', async () => {
  socket.on('message', (data) => socket.send(data as Buffer));
  client.send(...LENGTHS.map(bytesOf));
  await expect.poll(() => messages.length).toBe(LENGTHS.length);
  expect(messages.map((message, i) => message.equals(bytesOf(LENGTHS[i] ?? 0)))).toEqual(LENGTHS.map(() => true));
});

test('Edits are recognised in messages that the network cuts anywhere.', async () => {
  const numbers = Array.from({ length: 3_000 }, (_, i) => i);
  for (const number of numbers) socket.send(Buffer.from(`${'.'.repeat(number % 200)}${editMarker(number)}`));
  await expect.poll(() => edits.length).toBe(numbers.length);
  expect(edits).toEqual(numbers);
});

test('A ping is answered, also between messages.', async () => {
  const pong = once(socket, 'pong') as Promise<[Buffer]>;
  socket.send(bytesOf(300));
  socket.ping('still there?');
  socket.send(bytesOf(300));
  expect((await pong)[0].toString()).toBe('still there?');
  await expect.poll(() => messages.length).toBe(2);
});

test('No more of a message is kept than is asked for.', async () => {
  client.keepBytes = 4;
  socket.send(bytesOf(70_000));
  socket.send(bytesOf(2));
  await expect.poll(() => messages).toEqual([bytesOf(4), bytesOf(2)]);
});
