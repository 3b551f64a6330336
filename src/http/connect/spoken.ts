/** Which of the two protocols a request speaks, and how its message is written: all of it is in the Content-Type. */

export interface Spoken {
  readonly protocol: 'connect' | 'grpc-web';
  readonly format: 'json' | 'proto';
  /** Frames in base64, as clients send them that can't read binary bodies. */
  readonly isText: boolean;
}

const CONNECT: Omit<Spoken, 'format'> = { protocol: 'connect', isText: false };
/** What an answer is written in where the request does not say. */
export const DEFAULT: Spoken = { ...CONNECT, format: 'json' };

const CONNECT_FORM = /^application\/(json|proto)$/;
const GRPC_WEB_FORM = /^application\/grpc-web(-text)?(?:\+(json|proto))?$/;
const UTF8 = /^charset="?utf-?8"?$/;

/** Undefined for anything else: other media types, other charsets, and the streams of both protocols. */
export function spokenOf(contentType: string | undefined): Spoken | undefined {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!parameters.every((parameter) => UTF8.test(parameter))) {
    return undefined;
  }
  const connect = CONNECT_FORM.exec(type);
  if (connect !== null) {
    return { ...CONNECT, format: connect[1] === 'json' ? 'json' : 'proto' };
  }
  const web = GRPC_WEB_FORM.exec(type);
  return web === null
    ? undefined
    : { protocol: 'grpc-web', format: web[2] === 'json' ? 'json' : 'proto', isText: web[1] !== undefined };
}

export function contentTypeOf({ protocol, format, isText }: Spoken): string {
  return protocol === 'connect' ? `application/${format}` : `application/grpc-web${isText ? '-text' : ''}+${format}`;
}

/** One of each form, for who is refused. */
export const CONTENT_TYPES: readonly string[] = [
  'application/json',
  'application/proto',
  'application/grpc-web+proto',
  'application/grpc-web-text+proto',
];
