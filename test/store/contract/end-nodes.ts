/** Devices behind a gateway, and the tokens that the gateway gets for them: whatever ends the gateway's ends those. */
import { beforeEach, expect, it } from 'vitest';
import type { AttachEndNode } from '../../../src/core/commands/attach-end-node.ts';
import type { CommandData } from '../../../src/core/commands/index.ts';
import type { Issue } from '../../../src/core/commands/issue.ts';
import type { IssueForEndNode } from '../../../src/core/commands/issue-for-end-node.ts';
import { all } from '../../../src/core/plan.ts';
import { isFamilyLive } from '../../../src/core/rules/liveness.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { END_NODE_LOGIN } from '../../../src/core/tables/end-nodes.ts';
import { execute, make } from '../../support.ts';
import {
  APP,
  aFamilyId,
  answerOf,
  begin,
  clientOf,
  cutOff,
  isPairLive,
  makeAcme,
  newTokens,
  refreshOf,
  refusalOf,
  revisionOf,
  revokeFamily,
  subjectOf,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';

export const HUB = 'th.hub';
export const BULB = 'th.bulb';
export const PLUG = 'th.plug';

export const DETACH: CommandData = { kind: 'detach_end_node', tenantId: TENANT, gatewayId: HUB, endNodeId: BULB };

const HUB_UPDATE = { kind: 'update_subject', tenantId: TENANT, subjectKind: 'device', subjectId: HUB } as const;

export function attachOf(overrides: Partial<AttachEndNode> = {}): AttachEndNode {
  const [gatewayId, endNodeId] = [HUB, BULB];
  return { kind: 'attach_end_node', tenantId: TENANT, gatewayId, endNodeId, right: { of: 'admin' }, ...overrides };
}

/** As the hub asks by its login. */
export function issueForOf({ familyId }: Pick<Issue, 'familyId'>, subjectId = BULB): IssueForEndNode {
  return {
    kind: 'issue_for_end_node',
    tenantId: TENANT,
    refreshClientId: APP,
    subjectId,
    tokenKind: 'DEVICE',
    scopes: [],
    gatewayId: HUB,
    gatewayFamilyId: familyId,
    familyId: aFamilyId(),
    tokens: newTokens(),
  };
}

export function endNodes(test: UnderTest): void {
  let hub: Issue;

  beforeEach(async () => {
    await makeAcme(test.store);
    for (const subjectId of [HUB, BULB, PLUG]) {
      await make(test.store, subjectOf({ subjectId, kind: 'device', vendorId: subjectId }));
    }
    hub = await begin(test.store, { subjectId: HUB, tokenKind: 'DEVICE' });
    await make(test.store, attachOf());
  });

  const outcomeOf = async (command: CommandData) => refusalOf(await execute(test.store, command)) ?? 'ok';
  const issueFor = async (login: Issue = hub, subjectId = BULB) => {
    const command = issueForOf(login, subjectId);
    await make(test.store, command);
    return command;
  };
  it('gives a gateway tokens for its end node, which are the end node’s', async () => {
    const command = issueForOf(hub);
    const { issued } = answerOf(await execute(test.store, command));
    expect(issued).toMatchObject({ subjectId: BULB, kind: 'DEVICE', familyId: command.familyId });
    expect(await isPairLive(test, command)).toBe(true);
    expect(await outcomeOf(refreshOf(command))).toBe('ok');
    expect(await revisionOf(test.store)).toBe(0);
  });

  it('gives none for what is not there, hangs elsewhere, is disabled, or by another’s login', async () => {
    const ann = await begin(test.store);
    const plug = await begin(test.store, { subjectId: PLUG, tokenKind: 'DEVICE' });
    const asked = [
      issueForOf(hub, PLUG),
      issueForOf(hub, 'th.none'),
      issueForOf(hub, HUB),
      issueForOf(plug),
      issueForOf(ann),
    ];
    for (const command of [...asked, { ...issueForOf(plug), gatewayId: PLUG }]) {
      expect(await outcomeOf(command)).toBe('not_found');
    }
    await make(test.store, cutOff('device', BULB, 'disabled'));
    expect(await outcomeOf(issueForOf(hub))).toBe('not_found');
  });

  it('lets nothing of it live longer than the gateway’s login', async () => {
    const login = await begin(test.store, {
      subjectId: HUB,
      tokenKind: 'DEVICE',
      expireTime: test.clock.now + 60_000,
    });
    test.clock.advance(1_000);
    const { issued } = answerOf(await execute(test.store, issueForOf(login)));
    const end = (await test.store.readFamily(TENANT, login.familyId)).reading?.family.expireTime;
    expect([issued.expireTime, issued.refreshExpireTime]).toEqual([end, end]);
  });

  const endings: [string, () => CommandData][] = [
    ['its login is revoked', () => revokeFamily(hub.familyId)],
    ['it is cut off', () => cutOff('device', HUB)],
    ['it is disabled', () => cutOff('device', HUB, 'disabled')],
    ['it is deleted', () => cutOff('device', HUB, 'deleted')],
    ['its password changes', () => ({ kind: 'change_password', tenantId: TENANT, subjectId: HUB, newHash: 'new' })],
    ['its name moves with its password', () => ({ ...HUB_UPDATE, set: { vendorId: 'other' }, newPasswordHash: 'new' })],
    ['it loses the end node', () => DETACH],
    ['the end node moves to another', () => attachOf({ gatewayId: PLUG })],
    ['the end node is cut off', () => cutOff('device', BULB)],
    ['the end node is disabled', () => cutOff('device', BULB, 'disabled')],
    ['the end node is deleted', () => cutOff('device', BULB, 'deleted')],
    ['its client is disabled', () => cutOff('client', APP, 'disabled')],
    ['the tenant is cut off', () => cutOff('tenant', TENANT)],
  ];

  it.each(endings)('ends the tokens that a gateway got when %s, and logs each end', async (_, ending) => {
    const got = await issueFor();
    const outcome = await execute(test.store, ending());
    expect(refusalOf(outcome)).toBeUndefined();
    expect(await isPairLive(test, got)).toBe(false);
    expect(await outcomeOf(refreshOf(got))).toBe('invalid_refresh_token');
    const answer = answerOf(outcome) as { readonly revision?: number };
    expect(answer.revision ?? (await revisionOf(test.store))).toBe(await revisionOf(test.store));
  });

  it('ends them with the client of the gateway’s login, whichever client asks for them and refreshes them', async () => {
    for (const cause of ['revoked', 'disabled', 'deleted'] as const) {
      const [clientId, refreshClientId] = [`login-${cause}`, `asks-${cause}`];
      await make(test.store, clientOf(clientId));
      await make(test.store, clientOf(refreshClientId));
      const login = await begin(test.store, {
        subjectId: HUB,
        tokenKind: 'DEVICE',
        clientId,
        refreshClientId: clientId,
      });
      const got = { ...issueForOf(login), refreshClientId };
      await make(test.store, got);
      const second = { ...refreshOf(got), clientId: refreshClientId };
      expect(await outcomeOf(second)).toBe('ok');
      await make(test.store, cutOff('client', clientId, cause));
      const { reading } = await test.store.readFamily(TENANT, got.familyId);
      expect(reading !== undefined && isFamilyLive(reading, test.clock.now)).toBe(false);
      expect(await outcomeOf({ ...refreshOf(second), clientId: refreshClientId })).toBe('invalid_refresh_token');
    }
  });

  it('ends them when an old refresh token of the gateway comes back', async () => {
    const got = await issueFor();
    const second = refreshOf(hub);
    await make(test.store, second);
    await make(test.store, refreshOf(second));
    expect(await isPairLive(test, got)).toBe(true);
    expect(await outcomeOf(refreshOf(hub))).toBe('invalid_refresh_token');
    expect(await isPairLive(test, got)).toBe(false);
    expect(await revisionOf(test.store)).toBe(2);
  });

  it('ends with a login what that login got, and nothing that another got', async () => {
    await make(test.store, attachOf({ endNodeId: PLUG }));
    const other = await begin(test.store, { subjectId: HUB, tokenKind: 'DEVICE' });
    const [bulb, plug] = [await issueFor(hub), await issueFor(other, PLUG)];
    await make(test.store, revokeFamily(hub.familyId));
    expect([await isPairLive(test, bulb), await isPairLive(test, plug)]).toEqual([false, true]);
    expect(await isPairLive(test, other)).toBe(true);
  });

  it('is told of in the audit log: once for each login of its gateway', async () => {
    await issueFor();
    await issueFor();
    await make(test.store, DETACH);
    const records = await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: 100 });
    const about = records.filter(({ targetId, action }) => targetId === BULB && action !== 'register_device');
    expect(about.map(({ action, details }) => [action, details])).toEqual([
      ['attach_end_node', `gateway ${HUB}`],
      ['issue_for_end_node', `gateway ${HUB}`],
      ['detach_end_node', `gateway ${HUB}`],
    ]);
    const { logins } = await test.store.read({ logins: all(END_NODE_LOGIN, { subjectId: BULB }) });
    expect(logins).toEqual([]);
  });
}
