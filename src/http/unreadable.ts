/** What Node could not read as a request. There is no path yet and so no dialect; the socket is written directly. */
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import type { Logger } from 'pino';
import { plainBody, rawAnswer } from './answer.ts';
import type { Connections } from './connections.ts';

const ANSWERS: ReadonlyMap<string, { status: number; message: string }> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, message: 'The request did not arrive in time. Repeat it' }],
  ['HPE_HEADER_OVERFLOW', { status: 431, message: 'The header fields are too long. Send fewer or shorter ones' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, message: 'The chunk extensions are too long' }],
]);
const OTHERWISE = { status: 400, message: 'This is not an HTTP request' };
/** What begins like no request: after an answer these are stray bytes, and the client waits for no second answer. */
const NO_REQUEST: ReadonlySet<string> = new Set([
  'HPE_INVALID_METHOD',
  'HPE_INVALID_CONSTANT',
  'HPE_CLOSED_CONNECTION',
]);
/** Node's parser is at its end after one of these. After any other, what comes later could complete a request. */
const PARSER_ERROR = /^HPE_/;

/** The error's packet holds what the client sent, so only its code is logged. */
export function refuseUnreadable(log: Logger, connections: Connections, error: ConnectionError, socket: Socket): void {
  if (connections.isEnding(socket)) {
    return;
  }
  if (error.code !== 'ECONNRESET' && !socket.destroyed) {
    const { status, message } = ANSWERS.get(error.code) ?? OTHERWISE;
    log.debug({ status, cause: error.code }, 'unreadable request');
    const isStray = NO_REQUEST.has(error.code) && connections.hasAnswered(socket);
    if (socket.writable && !isStray && connections.isAwaitingRequest(socket)) {
      socket.write(rawAnswer(status, plainBody('malformed_request', message)));
    }
  }
  if (PARSER_ERROR.test(error.code)) {
    connections.endAfterAnswers(socket);
  } else {
    socket.destroySoon();
  }
}
