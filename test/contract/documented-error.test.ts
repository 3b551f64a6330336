/** The error that the documents show is one that a real call gets. */
import { readFileSync } from 'node:fs';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import type { ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { basic, CREDENTIALS, type GrpcBed, openGrpcBed, send } from '../grpc/client.ts';
import { contractRegistry } from './descriptors.ts';

let bed: GrpcBed;

beforeAll(async () => {
  bed = await openGrpcBed();
});

afterAll(() => bed.close());

/** The google.rpc.Status of a login with a wrong password, in the JSON of protobuf. */
async function wrongPassword(): Promise<unknown> {
  const metadata = basic('acme');
  metadata.set('x-request-id', 'a-wrong-password');
  const { client } = bed;
  const error: ServiceError = await send(client, client.issue, CREDENTIALS.user('ann', 'wrong'), metadata).then(
    () => expect.fail('a wrong password was taken'),
    (thrown: ServiceError) => thrown,
  );
  const [details] = error.metadata.get('grpc-status-details-bin');
  const registry = contractRegistry();
  const schema = registry.getMessage('google.rpc.Status');
  return schema && toJson(schema, fromBinary(schema, details as Buffer), { registry });
}

/** The JSON object of a text, whose lines begin with `prefix`. */
function shownIn(path: string, prefix: string): unknown {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const lines = text.split('\n');
  const begin = lines.indexOf(`${prefix}{`);
  const end = lines.indexOf(`${prefix}}`, begin);
  return JSON.parse(
    lines
      .slice(begin, end + 1)
      .map((line) => line.slice(prefix.length))
      .join('\n'),
  );
}

it.each([
  ['proto/symbolon/v1/error_reason.proto', '//     '],
  ['docs/contract.md', ''],
])('%s shows what a program sees', async (path, prefix) => {
  expect(shownIn(path, prefix)).toEqual(await wrongPassword());
});
