/** What is sent back: made by a handler or a dialect, written here. Always whole, so that it has a length and is never chunked. */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Failure } from './failure.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const JSON_HEADERS = { 'Content-Type': 'application/json;charset=UTF-8', 'Cache-Control': 'no-store' };

export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

export function jsonAnswer(status: number, body: object): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

/** The shape of RFC 6749 section 5.2, for paths that belong to no dialect. */
export function plainFailure(failure: Failure): Answer {
  const { code, status, message, headers } = failure;
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: plainBody(code, message) };
}

export function plainBody(error: string, description: string): string {
  return JSON.stringify({ error, error_description: description });
}

/** An answer as bytes, and the last of its connection. */
export function rawAnswer(status: number, body: string, headers: readonly string[] = []): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers,
    'Content-Type: application/json;charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
