/** The walk over every method of the contract as nobody: a method that is added and forgotten in the table fails here. */
import { readFileSync } from 'node:fs';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR_KEY, TENANT_KEY } from '../../src/calls/operator-keys.ts';
import { make } from '../support.ts';
import { basic, CREDENTIALS, type GrpcBed, issue, openGrpcBed } from './client.ts';

const descriptors = loadFileDescriptorSetFromBuffer(
  readFileSync(new URL('../../gen/descriptors.binpb', import.meta.url)),
);

/** `/symbolon.v1.TokenService/Issue` and so on: every method of every service of ours. */
const PATHS = Object.entries(descriptors)
  .filter(([name]) => name.startsWith('symbolon.'))
  .flatMap(([, definition]) => ('format' in definition ? [] : Object.values(definition)))
  .flatMap((method) => ('path' in method ? [String(method.path)] : []));

let bed: GrpcBed;
let raw: Client;

beforeAll(async () => {
  bed = await openGrpcBed();
  raw = new Client(bed.address, credentials.createInsecure());
});

afterAll(async () => {
  raw.close();
  await bed.close();
});

/** Calls a method with these bytes; answers the status, whatever it is. */
function call(path: string, metadata: Metadata, bytes = Buffer.alloc(0)): Promise<string> {
  return new Promise((resolve) => {
    raw.makeUnaryRequest(
      path,
      (value: Buffer) => value,
      (value: Buffer) => value,
      bytes,
      metadata,
      (error) => resolve(status[error?.code ?? status.OK] ?? ''),
    );
  });
}

async function nobodies(): Promise<[string, Metadata][]> {
  const { accessToken } = await issue(bed, CREDENTIALS.user());
  const other = (value: string) => {
    const metadata = new Metadata();
    metadata.set('authorization', value);
    return metadata;
  };
  return [
    ['without metadata', new Metadata()],
    ['with a wrong secret', basic('admin', 'wrong')],
    ['with no secret for a confidential client', basic('admin')],
    ['as an unknown client', basic('nobody', 'secret')],
    ['with an empty client id', basic('')],
    ['with a user token', other(`Bearer ${accessToken}`)],
    ['with a scheme of its own', other('Digest abc')],
    ['with an empty value', other('')],
    ['with a prototype for a client', basic('__proto__', 'constructor')],
    ['with what the operator’s socket believes', asOperator(new Metadata())],
    ['with that and a wrong secret', asOperator(basic('admin', 'wrong'))],
  ];
}

/** It is believed on the socket in the data directory alone. */
function asOperator(metadata: Metadata): Metadata {
  metadata.set(TENANT_KEY, 'acme');
  metadata.set(OPERATOR_KEY, 'root');
  return metadata;
}

describe('a nobody', () => {
  it('finds the methods of all services in the contract', () => {
    expect(PATHS.length).toBeGreaterThanOrEqual(51);
  });

  it.each(PATHS)('is refused by %s', async (path) => {
    for (const [who, metadata] of await nobodies()) {
      expect(await call(path, metadata), who).toBe('UNAUTHENTICATED');
      // A caller who is nobody does not even learn that the message is malformed.
      expect(await call(path, metadata, Buffer.from('ffffff', 'hex')), who).toBe('UNAUTHENTICATED');
    }
  });

  it('gets no more as a public client by what the operator’s socket believes', async () => {
    for (const path of PATHS) {
      expect(await call(path, asOperator(basic('acme'))), path).toBe(await call(path, basic('acme')));
    }
    expect(await call('/symbolon.v1.TenantService/ListTenants', asOperator(basic('acme')))).toBe('PERMISSION_DENIED');
  });

  it('is still refused after a tenant was disabled', async () => {
    const secret = bed.adminSecret;
    const target = { kind: 'tenant', id: 'acme' } as const;
    await make(bed.store, { kind: 'cut_off', tenantId: 'acme', target, cause: 'disabled' });
    for (const path of PATHS) {
      expect(await call(path, basic('admin', secret))).toBe('UNAUTHENTICATED');
      expect(await call(path, basic('acme'))).toBe('UNAUTHENTICATED');
    }
    await make(bed.store, { kind: 'enable', tenantId: 'acme', target });
  });
});
