import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandData } from '../../../src/core/commands/index.ts';
import { isPermittedTo, type Permission } from '../../../src/core/permissions.ts';
import type { Authority, CallerAuthority } from '../../../src/core/rules/authority.ts';
import { make } from '../../support.ts';
import {
  type Asked,
  BOB,
  CALLER,
  logInBob,
  makeAsked,
  makeCaller,
  publicCaller,
  type Standing,
  versionOf,
} from '../callers.ts';
import { APP, cutOff, makeAcme, refreshOf, refusalOf, TENANT, tenantOf, type UnderTest } from '../fixtures.ts';
import { BEARER_LOSSES, CLIENT_CHANGES, CLIENT_LOSSES, loseRole, PUBLIC_LOSSES } from '../losses.ts';
import { changedTables, rowsOf } from '../rows.ts';

/** By whose right: checked in the transaction, for a password hash or a queue lies between it and the check of the operation. */
export function authority(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  const by = (standing: Standing, permission: Permission): CallerAuthority[] => [{ ...standing, permission }];

  async function changedBy(command: CommandData, authority: Authority) {
    const before = await rowsOf(test.store);
    const outcome = await test.store.execute({ ...command, authority });
    return { code: refusalOf(outcome), changed: changedTables(before, await rowsOf(test.store)) };
  }

  async function expectRefused(all: readonly Asked[], authorityOf: (asked: Asked) => Authority): Promise<void> {
    for (const asked of all) {
      const expected = { code: 'caller_unauthenticated', changed: [] };
      expect(await changedBy(asked.command, authorityOf(asked)), asked.command.kind).toEqual(expected);
    }
  }

  async function expectDone(all: readonly Asked[], authorityOf: (asked: Asked) => Authority): Promise<void> {
    for (const asked of all) {
      const { code, changed } = await changedBy(asked.command, authorityOf(asked));
      expect({ code, isChanged: changed.length > 0 }, asked.command.kind).toEqual({ code: undefined, isChanged: true });
    }
  }

  it.each(CLIENT_LOSSES)('refuses a client that %s', async (_, lose) => {
    const all = await makeAsked(test.store);
    const caller = await makeCaller(test.store);
    await lose(test, caller);
    await expectRefused(all, ({ permission }) => by(caller, permission));
  });

  it.each(PUBLIC_LOSSES)('refuses a client that only named itself and %s', async (_, lose) => {
    const all = (await makeAsked(test.store)).filter(({ permission }) => isPermittedTo(['public'], permission));
    expect(all.length).toBeGreaterThan(4);
    const caller = await publicCaller(test.store);
    await lose(test, caller);
    await expectRefused(all, ({ permission }) => by(caller, permission));
  });

  it('refuses a client that has lost its role what it needs that for, and nothing else', async () => {
    const all = await makeAsked(test.store);
    const caller = await makeCaller(test.store);
    await loseRole(test, caller);
    const isRoleNeeded = ({ permission }: Asked) => !isPermittedTo(['client'], permission);
    expect(all.filter(isRoleNeeded).map(({ command }) => command.kind)).toEqual([
      ...['revoke', 'create_subject', 'update_client', 'cut_off', 'change_password'],
    ]);
    await expectRefused(all.filter(isRoleNeeded), ({ permission }) => by(caller, permission));
    await expectDone(
      all.filter((each) => !isRoleNeeded(each)),
      ({ permission }) => by(caller, permission),
    );
  });

  it.each(CLIENT_CHANGES)('takes a client that still stands, though %s', async (_, change) => {
    const caller = await makeCaller(test.store);
    await change(test, caller);
    expect(await versionOf(test.store, CALLER)).not.toBe(caller.clientVersion);
    const all = await makeAsked(test.store);
    await expectDone(all, ({ permission }) => by(caller, permission));
  });

  it('takes a client that only named itself, of a version that was changed', async () => {
    const all = (await makeAsked(test.store)).filter(({ permission }) => isPermittedTo(['public'], permission));
    const caller = await publicCaller(test.store);
    await make(test.store, { kind: 'update_client', tenantId: TENANT, clientId: TENANT, displayName: 'Changed' });
    await expectDone(all, ({ permission }) => by(caller, permission));
  });

  it.each(BEARER_LOSSES)('refuses a bearer whose %s, and counts its guesses', async (_, lose) => {
    const all = await makeAsked(test.store);
    const { bearer } = await logInBob(test);
    await lose(test, bearer);
    await expectRefused(all, () => by(bearer, 'act_for_user'));
  });

  it('refuses a bearer what its token does not stand for', async () => {
    const all = await makeAsked(test.store);
    const { bearer } = await logInBob(test);
    await expectRefused(all, () => by(bearer, 'manage_subjects'));
  });

  it('takes a bearer whose family was refreshed meanwhile, and whose client was changed', async () => {
    const all = await makeAsked(test.store);
    const { bearer, login } = await logInBob(test);
    await make(test.store, refreshOf(login));
    await make(test.store, { kind: 'update_client', tenantId: TENANT, clientId: APP, displayName: 'Other' });
    await expectDone(all, () => by(bearer, 'act_for_user'));
  });

  it('refuses two of whom one has lost its standing, whichever that is', async () => {
    const all = await makeAsked(test.store);
    const { bearer } = await logInBob(test);
    const caller = await makeCaller(test.store);
    const gone = await makeCaller(test.store, ['admin'], 'gone');
    await make(test.store, cutOff('client', 'gone', 'deleted'));
    for (const [one, other] of [
      [bearer, gone],
      [gone, bearer],
      [caller, gone],
    ] as const) {
      await expectRefused([all[0] as Asked], () => [...by(one, 'act_for_user'), ...by(other, 'act_for_user')]);
    }
    await expectRefused(all, () => [...by(bearer, 'act_for_user'), ...by(gone, 'act_for_user')]);
    await make(test.store, cutOff('user', BOB));
    await expectRefused([all[0] as Asked], () => [...by(caller, 'act_for_user'), ...by(bearer, 'act_for_user')]);
  });

  it('takes two who stand', async () => {
    const all = await makeAsked(test.store);
    const caller = await makeCaller(test.store);
    const { bearer } = await logInBob(test);
    await make(test.store, { kind: 'update_client', tenantId: TENANT, clientId: APP, displayName: 'Other' });
    await expectDone(all, () => [...by(bearer, 'act_for_user'), ...by(caller, 'act_for_user')]);
  });

  it('takes the server itself and the operator on the machine', async () => {
    const [one, ...others] = await makeAsked(test.store);
    await expectDone([one as Asked], () => 'server');
    await expectDone(others, () => 'operator');
  });

  describe('an operator of another tenant', () => {
    const HOME = 'home';
    const rename = { kind: 'update_client', tenantId: TENANT, clientId: APP, displayName: 'Changed' } as const;

    /** One whose tenant has the very version that the other tenant has. */
    async function makeOperator(): Promise<Standing> {
      await make(test.store, tenantOf(HOME));
      const operator = await makeCaller(test.store, ['operator'], 'ops', HOME);
      expect(await versionOf(test.store, APP)).toBe(operator.clientVersion);
      return operator;
    }

    it.each<[string, CommandData]>([
      ['it was disabled', cutOff('client', 'ops', 'disabled', HOME)],
      ['it was deleted', cutOff('client', 'ops', 'deleted', HOME)],
      ['its tenant was disabled', cutOff('tenant', HOME, 'disabled', HOME)],
      ['it lost its role', { kind: 'update_client', tenantId: HOME, clientId: 'ops', roles: [] }],
    ])('is refused when %s, though nothing was changed where it operates', async (_, loss) => {
      const operator = await makeOperator();
      await make(test.store, loss);
      const refused = { code: 'caller_unauthenticated', changed: [] };
      expect(await changedBy(rename, by(operator, 'manage_clients'))).toEqual(refused);
    });

    it('is taken whatever became of the tenant that it operates in', async () => {
      const operator = await makeOperator();
      await make(test.store, cutOff('tenant', TENANT, 'disabled'));
      expect((await changedBy(rename, by(operator, 'manage_clients'))).code).toBeUndefined();
      const enabling = { kind: 'enable', tenantId: TENANT, target: { kind: 'tenant', id: TENANT } } as const;
      expect((await changedBy(enabling, by(operator, 'manage_tenants'))).code).toBeUndefined();
    });

    it('makes a tenant only while it stands', async () => {
      const operator = await makeOperator();
      await make(test.store, cutOff('client', 'ops', 'disabled', HOME));
      const refused = { code: 'caller_unauthenticated', changed: [] };
      expect(await changedBy(tenantOf('new'), by(operator, 'manage_tenants'))).toEqual(refused);
      await make(test.store, { kind: 'enable', tenantId: HOME, target: { kind: 'client', id: 'ops' } });
      expect((await changedBy(tenantOf('new'), by(operator, 'manage_tenants'))).code).toBeUndefined();
    });
  });
}
