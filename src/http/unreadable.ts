/** What Node could not read as a request. There is no path yet and so no dialect; the socket is written directly. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import type { Logger } from 'pino';
import { plainBody } from './answer.ts';
import type { Connections } from './connections.ts';

const ANSWERS: ReadonlyMap<string, { status: number; message: string }> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, message: 'The request did not arrive in time. Repeat it' }],
  ['HPE_HEADER_OVERFLOW', { status: 431, message: 'The header fields are too long. Send fewer or shorter ones' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, message: 'The chunk extensions are too long' }],
]);
const OTHERWISE = { status: 400, message: 'This is not an HTTP request' };

/** The error's packet holds what the client sent, so only its code is logged. */
export function refuseUnreadable(log: Logger, connections: Connections, error: ConnectionError, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && !socket.destroyed) {
    const { status, message } = ANSWERS.get(error.code) ?? OTHERWISE;
    log.debug({ status, cause: error.code }, 'unreadable request');
    if (socket.writable && connections.isAwaitingRequest(socket)) {
      socket.write(rawAnswer(status, plainBody('malformed_request', message)));
    }
  }
  socket.destroySoon();
}

function rawAnswer(status: number, body: string): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json;charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
