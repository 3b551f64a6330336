/** A receiver of OTLP over HTTP: what is posted to it is kept. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

export interface OtlpReceiver extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly requests: { readonly path: string; readonly authorization: string | undefined; readonly body: Uint8Array }[];
  /** What it answers from now on. */
  status: number;
}

export async function otlpReceiver(): Promise<OtlpReceiver> {
  const requests: OtlpReceiver['requests'] = [];
  const receiver = { requests, status: 200 };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const whole = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization, body: whole });
    response.writeHead(receiver.status, { 'Content-Type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}
