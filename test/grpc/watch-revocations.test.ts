/** Who may watch revocations. */
import { type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DirectoryBed, openDirectoryBed, type Who } from './methods/bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

function outcomeOf(who: Who): Promise<string> {
  return new Promise((resolve) => {
    const call = bed.client.watchRevocations(bed.as[who]);
    call.on('error', (error: ServiceError) => resolve(status[error.code] ?? ''));
    call.on('data', () => undefined);
    call.end();
  });
}

it.each([
  ['public', 'PERMISSION_DENIED'],
  ['client', 'PERMISSION_DENIED'],
  ['operator', 'PERMISSION_DENIED'],
  ['introspect', 'UNIMPLEMENTED'],
  ['admin', 'UNIMPLEMENTED'],
  ['otherAdmin', 'UNIMPLEMENTED'],
] as const)('as %s: %s', async (who, expected) => {
  expect(await outcomeOf(who)).toBe(expected);
});
