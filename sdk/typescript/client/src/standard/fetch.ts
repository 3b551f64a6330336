/** `fetch` that sends the token of a Login along, to named origins and nowhere else. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { WaitOptions } from '../login/port.ts';

/** What is needed of a Login. */
export interface TokenSource {
  token(options?: WaitOptions): Promise<string>;
  refused(token: string, options?: WaitOptions): Promise<boolean>;
}

/** `plaintext`: also to origins of http elsewhere than on this machine. @throws SymbolonError when one is not an origin, or not safe */
export function attachedFetch(
  login: TokenSource,
  origins: readonly string[],
  plaintext: boolean | undefined,
): typeof fetch {
  const unsafe = plaintext === true ? undefined : origins.find((each) => !isSafe(originOf(each)));
  if (unsafe !== undefined) {
    throw new SymbolonError(
      'INVALID_ARGUMENT',
      `${originOf(unsafe)} must be https: over http the network reads the token. On a safe network make the Login with plaintext`,
    );
  }
  const named = new Set(origins.map(originOf));
  if (named.size === 0) {
    throw new SymbolonError('INVALID_ARGUMENT', 'name at least one origin, such as https://api.example.com');
  }
  return async (input, init) => {
    const request = new Request(input, init);
    const { origin } = new URL(request.url);
    if (!named.has(origin)) {
      const names = [...named].join(', ');
      throw new SymbolonError(
        'INVALID_ARGUMENT',
        `the token is for ${names}, and not for ${origin}: fetch that without it`,
      );
    }
    const { signal } = request;
    // Before the body is read, which can be done once. What was a stream to begin with is gone then.
    const again = isRepeatable(input, init) ? request.clone() : undefined;
    const token = await login.token({ signal });
    const response = await send(request, token);
    // By a redirect to another origin the token was not sent there, so that it was not refused.
    const isOfOrigin = !response.redirected || new URL(response.url).origin === origin;
    if (response.status !== 401 || again === undefined || !isOfOrigin || !(await login.refused(token, { signal }))) {
      return response;
    }
    await response.body?.cancel();
    return send(again, await login.token({ signal }));
  };
}

/** A redirect to another origin goes without it: that is in the standard of fetch ("HTTP-redirect fetch"). */
function send(request: Request, token: string): Promise<Response> {
  request.headers.set('authorization', `Bearer ${token}`);
  return fetch(request);
}

function isRepeatable(input: unknown, init: RequestInit | undefined): boolean {
  const body = init?.body ?? (input instanceof Request ? input.body : undefined);
  const isStream = typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body);
  return !isStream;
}

function originOf(text: string): string {
  const url = parsedUrl(text);
  // What is more than an origin would seem to be a path that the token is kept to.
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href) {
    throw new SymbolonError('INVALID_ARGUMENT', 'an origin must be such as https://api.example.com, without a path');
  }
  return url.origin;
}

/** Whether what is sent there can't be read on the way. */
export function isSafe(url: string): boolean {
  const { protocol = '', hostname = '' } = parsedUrl(url) ?? {};
  return protocol === 'https:' || isLoopback(hostname);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}

/** Null where it is none. */
export function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
