// A program of its own: connections that are no use to anybody, until it is killed.
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { encodeBare } from '../../protocol/index.ts';

interface Options {
  readonly port: number;
  /** WebSockets that never say anything. */
  readonly silent: number;
  /** Half of them send an upgrade request, half of them a hello, one byte a second. */
  readonly dripping: number;
  /** WebSockets that join and then send all that goes out. */
  readonly flooding: number;
  /** Whether who is sent away comes back after a second. */
  readonly comesBack: 'true' | 'false';
}

const options = JSON.parse(process.argv[2] ?? '') as Options;
const url = `ws://127.0.0.1:${options.port}/sync/crowd`;
const REQUEST = 'GET /sync/crowd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
const AT_ONCE = 50;
const STEP_ONE = encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });
let opened = 0;

function again(attack: () => void): void {
  if (options.comesBack === 'true') setTimeout(attack, 1_000);
}

function beSilent(): void {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('open', () => opened++).on('error', () => {});
  socket.on('close', () => again(beSilent));
}

function drip(after: string, bytes: Uint8Array): void {
  const socket = connect(options.port, '127.0.0.1');
  let at = 0;
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 1_000);
  socket.on('connect', () => {
    opened++;
    socket.write(after);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(timer);
    again(() => drip(after, bytes));
  });
}

function flood(): void {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const send = (): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    while (socket.bufferedAmount < 1_000_000)
      socket.send(encodeBare({ type: 'sync-status', payload: new Uint8Array(20) }));
    setTimeout(send, 10);
  };
  socket.on('open', () => {
    opened++;
    socket.send(STEP_ONE);
    send();
  });
  socket.on('error', () => {});
  socket.on('close', () => again(flood));
}

for (let i = 0; i < options.flooding; i++) flood();
const upgraded = `${REQUEST}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
for (let i = 0; i < options.dripping; i++) {
  if (i % 2 === 0) drip('', Buffer.from(REQUEST));
  // A masked message of 255 bytes that comes byte by byte.
  else drip(upgraded, Uint8Array.of(0x82, 0xfe, 0x00, 0xff, 0, 0, 0, 0, ...new Array<number>(255).fill(0)));
}
for (let i = 0; i < options.silent; i++) {
  beSilent();
  if (i % AT_ONCE === 0) await new Promise((resolve) => void setTimeout(resolve, 5));
}
while (opened < options.silent + options.dripping + options.flooding) {
  await new Promise((resolve) => void setTimeout(resolve, 10));
}
console.log(JSON.stringify({ opened }));
