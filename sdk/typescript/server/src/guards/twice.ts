/**
 * An `authorization` that comes twice, for frameworks that hand over no raw headers: Node gives them the first and throws the others away.
 * Here they are joined, as Node joins other fields, behind what no guard takes for a token or for another scheme.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Http2Session, ServerHttp2Stream } from 'node:http2';
import { requireOption } from '../../../client/src/internal.ts';
import { authorizationIn } from './admit.ts';

/**
 * From now on, in every server of this process.
 *
 * @throws SymbolonError where Node has no such channel, for there the first one would count
 */
export function joinTwice(): void {
  requireOption(
    hasChannels(process.versions.node),
    'Node must be 22.17 or later, and 24.2 or later from 23 on: before, this guard would not see a second authorization',
  );
  // However many guards there are, once.
  for (const [channel, listener] of [
    ['http.server.request.start', onRequest],
    ['http2.server.stream.created', onStreamCreated],
  ] as const) {
    unsubscribe(channel, listener);
    subscribe(channel, listener);
  }
}

/** Whether this version tells of the streams of HTTP/2. A channel that nobody ever writes to looks like any other. */
export function hasChannels(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 22 ? minor >= 17 : major > 24 || (major === 24 && minor >= 2);
}

function onRequest(message: unknown): void {
  const { request } = message as { readonly request: IncomingMessage };
  join(request.headers, request.rawHeaders);
}

/** The stream is told of by its session next, and to the first listener there. */
function onStreamCreated(message: unknown): void {
  const { session } = (message as { readonly stream: ServerHttp2Stream }).stream;
  if (session !== undefined && !session.listeners('stream').includes(onStream)) {
    (session as Http2Session).prependListener('stream', onStream);
  }
}

function onStream(_: unknown, headers: IncomingHttpHeaders, __: number, rawHeaders: readonly string[] = []): void {
  join(headers, rawHeaders);
}

function join(headers: IncomingHttpHeaders, rawHeaders: readonly string[]): void {
  const all = authorizationIn({ rawHeaders });
  if (all.length > 1) {
    headers.authorization = `Bearer, ${all.join(', ')}`;
  }
}
