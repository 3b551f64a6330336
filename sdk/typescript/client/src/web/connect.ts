/** Unary calls of Connect, with protobuf: a POST each. https://connectrpc.com/docs/protocol */
import { type Detail, parseDetails, SymbolonError } from '../errors/symbolon-error.ts';
import type { Limits, LoginCalls } from '../login/port.ts';
import { METHODS, type Method } from './methods.ts';

/** What a status of HTTP stands for where something between here and the server answered. */
const OF_STATUS: Readonly<Record<number, string>> = {
  400: 'INTERNAL',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'UNIMPLEMENTED',
  429: 'UNAVAILABLE',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
};

export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  readonly clientId: string;
}

export function callsOver(target: Target): LoginCalls {
  const entries = Object.entries(METHODS).map(([name, method]) => [
    name,
    (request: object, limits: Limits) => call(target, method as Method, request, limits),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

async function call(target: Target, method: Method, request: object, limits: Limits): Promise<unknown> {
  const name = method.path.slice(method.path.lastIndexOf('/') + 1);
  const late = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([limits.signal, late]);
  let response: Response;
  let body: Uint8Array;
  try {
    response = await fetch(`${target.url}/${method.path}`, {
      ...{ method: 'POST', headers: headersOf(target, limits.timeoutMs), body: bytesOf(method, request, name), signal },
      // A password must go where the app said, and nowhere else, and without what the browser would add.
      ...{ redirect: 'error', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' },
    });
    body = new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    throw lost(name, thrown, limits.signal, late);
  }
  if (response.ok && response.headers.get('content-type') === 'application/proto') {
    return method.response.decode(body);
  }
  throw told(name, response.status, body);
}

function headersOf({ clientId }: Target, timeoutMs: number): Record<string, string> {
  return {
    'content-type': 'application/proto',
    'connect-protocol-version': '1',
    'connect-timeout-ms': String(timeoutMs),
    // A public client only names itself. Form-encoded as RFC 6749 section 2.3.1 has it.
    authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:`)}`,
  };
}

/** What is left out has the default of its type, which an empty message reads as. */
function bytesOf(method: Method, request: object, name: string): Uint8Array<ArrayBuffer> {
  const empty = method.request.decode(new Uint8Array(0)) as object;
  const unknown = Object.keys(request).find((each) => !Object.hasOwn(empty, each));
  try {
    if (unknown !== undefined) {
      throw new TypeError(`it has no ${unknown}, but ${Object.keys(empty).join(', ')}`);
    }
    return Uint8Array.from(method.request.encode({ ...empty, ...request }).finish());
  } catch (error) {
    throw new SymbolonError('INVALID_ARGUMENT', `${name}: the request can't be written: ${error}`);
  }
}

function lost(name: string, thrown: unknown, given: AbortSignal, late: AbortSignal): SymbolonError {
  if (thrown instanceof SymbolonError) {
    return thrown;
  }
  if (given.aborted) {
    const error = new SymbolonError('CANCELLED', `${name}: CANCELLED: its signal was aborted, or the login is closed`);
    error.cause = given.reason;
    return error;
  }
  if (late.aborted) {
    return new SymbolonError('DEADLINE_EXCEEDED', `${name}: DEADLINE_EXCEEDED: no answer came in time`);
  }
  // A page is told nothing else: neither why, nor what it would have been answered.
  const mend = 'See that url is the HTTP port of the server, and that the page may call it';
  return new SymbolonError('UNAVAILABLE', `${name}: UNAVAILABLE: ${mend} (${thrown})`);
}

interface Failure {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
}

function told(name: string, status: number, body: Uint8Array): SymbolonError {
  const { code: written, message = `HTTP status ${status}`, details = [] } = failureIn(body);
  // Connect writes one of the codes in another way than gRPC.
  const code = written?.toUpperCase().replace('CANCELED', 'CANCELLED') ?? OF_STATUS[status] ?? 'UNKNOWN';
  return new SymbolonError(code, `${name}: ${code}: ${message}`, parsed(details));
}

function failureIn(body: Uint8Array): Failure {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
}

function parsed(details: Failure['details'] & object) {
  try {
    return parseDetails(
      details.map(
        ({ type, value }): Detail => ({ type, value: Uint8Array.from(atob(value), (each) => each.charCodeAt(0)) }),
      ),
    );
  } catch {
    // Of something between here and the server.
    return {};
  }
}
