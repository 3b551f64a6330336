/**
 * An `authorization` that comes twice, for frameworks that hand over no raw headers: Node gives them the first and throws the others away.
 * Here they are joined, as Node joins other fields, behind what no guard takes for a token or for another scheme.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Http2Session, ServerHttp2Stream } from 'node:http2';
import { authorizationIn } from './admit.ts';

/** From now on, in every server of this process. Where Node has no such channel, the first one counts. */
export function joinTwice(): void {
  // However many guards there are, once.
  for (const [channel, listener] of [
    ['http.server.request.start', onRequest],
    ['http2.server.stream.created', onStreamCreated],
  ] as const) {
    unsubscribe(channel, listener);
    subscribe(channel, listener);
  }
}

function onRequest(message: unknown): void {
  const { request } = message as { readonly request: IncomingMessage };
  join(request.headers, request.rawHeaders);
}

/** The stream is told of by its session next, and to whoever listens there first. */
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
