/** `wait`: every method that ends tokens takes it, and answers what it came to. Nobody is told of a wait that was none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RevocationWait } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { contractRegistry } from '../../contract/descriptors.ts';
import { CREDENTIALS, failureOf, introspect, issue } from '../client.ts';
import { type DirectoryBed, type MethodName, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

/** Those whose answer has the revision at which tokens ended, as the contract has them: `token.Revoke`. */
const ENDING = ['Token', 'Tenant', 'Client', 'User', 'Device'].flatMap((noun) =>
  (contractRegistry().getService(`symbolon.v1.${noun}Service`)?.methods ?? []).filter(
    ({ methodKind, output }) => methodKind === 'unary' && output.fields.some(({ name }) => name === 'verifiers'),
  ),
);

describe('a method that ends tokens', () => {
  it('is every one that answers a revision, but for what reads one', () => {
    const answering = ['Token', 'Tenant', 'Client', 'User', 'Device'].flatMap((noun) =>
      (contractRegistry().getService(`symbolon.v1.${noun}Service`)?.methods ?? []).filter(({ methodKind, output }) => {
        return methodKind === 'unary' && output.fields.some(({ name }) => name === 'revision');
      }),
    );
    const writing = answering.map(({ name }) => name).filter((name) => name !== 'Introspect');
    expect(ENDING.map(({ name }) => name)).toEqual(writing);
    expect(ENDING.filter(({ input }) => !input.fields.some(({ name }) => name === 'wait'))).toEqual([]);
  });

  it.each(ENDING.map(({ localName }) => localName as MethodName))('refuses a wait at %s', async (name) => {
    const as = name === 'disableTenant' ? bed.as.operator : bed.as.admin;
    const waiting = bed.call(name, { wait: RevocationWait.VERIFIERS } as never, as);
    expect(await failureOf(waiting)).toMatchObject({
      status: 'FAILED_PRECONDITION',
      message: 'wait: this server can not wait for verifiers yet, and nothing was ended. Leave wait out',
    });
    const rubbish = bed.call(name, { wait: 7 } as never, as);
    expect(await failureOf(rubbish)).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'wait must be a RevocationWait',
    });
  });

  it('ends nothing when it refuses to wait', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    const target = { $case: 'token' as const, value: accessToken };
    await failureOf(bed.call('revoke', { target, wait: RevocationWait.VERIFIERS }));
    expect(await introspect(bed, accessToken)).toMatchObject({ active: true });
  });
});
