/** Calls as bytes on node's own HTTP/2, for what a well-behaved client can't send. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2';

export interface RawOutcome {
  /** Undefined when the stream was reset without a status. */
  readonly status: number | undefined;
  readonly message: string;
  readonly headers: IncomingHttpHeaders;
  readonly resetCode: number;
}

export class RawCall {
  readonly stream: ClientHttp2Stream;
  readonly outcome: Promise<RawOutcome>;
  isEnded = false;

  /** `headers`: more than each call has; as an array names and values in turn, which may come twice. */
  constructor(
    session: ClientHttp2Session,
    path: string,
    headers: Readonly<Record<string, string>> | readonly string[] = {},
  ) {
    const own = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    this.stream = session.request(
      Array.isArray(headers) ? [...Object.entries(own).flat(), ...headers] : { ...own, ...headers },
    );
    let answered: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    this.stream.on('response', (received) => {
      answered = received;
    });
    this.stream.on('trailers', (received) => {
      trailers = received;
    });
    this.stream.on('error', () => undefined);
    this.stream.resume();
    this.outcome = new Promise((resolve) => {
      this.stream.once('close', () => {
        this.isEnded = true;
        const all = { ...answered, ...trailers };
        const status = all['grpc-status'];
        resolve({
          status: status === undefined ? undefined : Number(status),
          message: decodeURIComponent(String(all['grpc-message'] ?? '')),
          headers: all,
          resetCode: this.stream.rstCode ?? constants.NGHTTP2_NO_ERROR,
        });
      });
    });
  }
}

/** The bytes of a message with its prefix; `flag` 1 says that it is compressed. */
export function framed(message: Uint8Array, flag = 0): Buffer {
  const bytes = Buffer.alloc(5 + message.length);
  bytes.writeUInt8(flag);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, 5);
  return bytes;
}

/** Else Node's client sends no header twice that may come once. Its types don't know the option. */
const AS_IT_IS: object = { strictSingleValueFields: false };

export async function connected(address: string): Promise<ClientHttp2Session> {
  const session = connect(`http://${address}`, AS_IT_IS);
  session.on('error', () => undefined);
  await new Promise<void>((resolve) => session.once('remoteSettings', () => resolve()));
  return session;
}
