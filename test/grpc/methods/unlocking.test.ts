/** Lifting what failed logins have locked, with a record of it. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { IssueRequest } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { confirmTotp, enrollTotp } from '../../../src/core/operations/second-factors.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { mfaTokenIn } from '../../issue-result.ts';
import { callerOf, makeDevice, makeUser } from '../../support.ts';
import { CREDENTIALS, failureOf, issue, PASSWORD, send } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
  const policy = { loginAttempts: 2 };
  await bed.call('updateTenant', { policy, updateMask: ['policy.login_attempts'] });
  await makeUser(bed.services, 'acme', { subjectId: 'user-mia', loginName: 'mia', password: PASSWORD });
  await makeDevice(bed.services, 'acme', { subjectId: 'th.door', vendorId: 'door', password: PASSWORD });
});

afterAll(() => bed.close());

const LOCKED = { reason: 'LOGIN_LOCKED' };

async function lastAction(): Promise<unknown> {
  const { records } = await bed.call('listAuditRecords', { pageSize: 1_000 });
  const { action, targetId } = records.at(-1) ?? {};
  return [action, targetId];
}

it.each([
  ['unlockUser', { user: user.id('user-mia') }, 'user-mia', (password: string) => CREDENTIALS.user('mia', password)],
  [
    'unlockDevice',
    { device: device.vendorId('door') },
    'th.door',
    (password: string) => CREDENTIALS.device('door', password),
  ],
] as const)('%s lets in at once', async (name, ref, id, credential) => {
  for (let i = 0; i < 2; i++) {
    await failureOf(issue(bed, credential('wrong')));
  }
  expect(await failureOf(issue(bed, credential(PASSWORD)))).toMatchObject(LOCKED);
  await bed.call(name, ref);
  expect(await lastAction()).toEqual(['unlock', id]);
  await issue(bed, credential(PASSWORD));
  // Nothing to forget is fine, and no record.
  const before = (await bed.call('listAuditRecords', { pageSize: 1_000 })).records.length;
  await bed.call(name, ref);
  expect((await bed.call('listAuditRecords', { pageSize: 1_000 })).records).toHaveLength(before);
});

it('unlockUser unlocks a second factor', async () => {
  const { services, clock, client } = bed;
  const admin = { caller: await callerOf(services, 'admin', bed.adminSecret) };
  const ann = { by: 'user_id', userId: 'user-ann' } as const;
  const { secret } = await enrollTotp(services, admin, ann, undefined);
  await confirmTotp(services, admin, ann, totpCode(secret, clock.now));
  clock.advance(30_000);
  const answer = async (totp: string) => {
    const mfaToken = mfaTokenIn(await send(client, client.issue, CREDENTIALS.user(), bed.as.public));
    const value = { mfaToken, factor: { $case: 'totpCode', value: totp } } as const;
    return issue(bed, IssueRequest.fromPartial({ credential: { $case: 'secondFactor', value } }));
  };
  const right = totpCode(secret, clock.now);
  const wrong = right === '000000' ? '000001' : '000000';
  for (let i = 0; i < 5; i++) {
    await failureOf(answer(wrong));
  }
  expect(await failureOf(answer(right))).toMatchObject(LOCKED);
  await bed.call('unlockUser', { user: user.loginName('ann') });
  await answer(right);
});
