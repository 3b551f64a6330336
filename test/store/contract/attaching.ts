/** Who may attach a device to a gateway, and when it leaves it. */
import { beforeEach, expect, it } from 'vitest';
import type { CommandData } from '../../../src/core/commands/index.ts';
import type { Issue } from '../../../src/core/commands/issue.ts';
import { all } from '../../../src/core/plan.ts';
import { MAX_END_NODES } from '../../../src/core/rules/end-nodes.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { END_NODE, END_NODES } from '../../../src/core/tables/end-nodes.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  begin,
  cutOff,
  isPairLive,
  makeAcme,
  refusalOf,
  revisionOf,
  subjectOf,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';
import { attachOf, BULB, DETACH, HUB, issueForOf, PLUG } from './end-nodes.ts';

export function attaching(test: UnderTest): void {
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
  const gatewayOf = async (subjectId: string) => {
    const { rows } = await test.store.read({ rows: all(END_NODE, { subjectId }) });
    return rows[0]?.gatewayId;
  };
  const owned = (subjectId: string, ...ownerIds: string[]) => {
    return { kind: 'update_subject', tenantId: TENANT, subjectKind: 'device', subjectId, set: { ownerIds } } as const;
  };

  it('is attached by its owner’s right, or the gateway’s, as the owners are', async () => {
    const outcomes: string[] = [];
    for (const [hubOwners, plugOwners] of [
      [[], []],
      [[ANN], []],
      [[], [ANN]],
      [[ANN], [ANN]],
      [['eve'], [ANN]],
      [
        ['eve', ANN],
        [ANN, 'bob'],
      ],
    ] as const) {
      await make(test.store, owned(HUB, ...hubOwners));
      await make(test.store, owned(PLUG, ...plugOwners));
      for (const right of [
        { of: 'owner', ownerId: ANN },
        { of: 'gateway', isProven: false },
        { of: 'gateway', isProven: true },
      ] as const) {
        outcomes.push(await outcomeOf(attachOf({ endNodeId: PLUG, right })));
        await execute(test.store, { ...DETACH, endNodeId: PLUG });
      }
    }
    const no = 'permission_denied';
    // An owner in common is the gateway's to name, and lets it do nothing by itself.
    expect(outcomes).toEqual(
      [
        [no, 'ok', 'ok'],
        [no, 'ok', 'ok'],
        [no, no, no],
        ['ok', no, 'ok'],
        [no, no, no],
        ['ok', no, 'ok'],
      ].flat(),
    );
  });

  it.each([
    [HUB, BULB],
    [BULB, HUB],
  ])(
    'leaves its gateway when who owned both owns one of them no longer, no matter who else owns both',
    async (...order) => {
      await make(test.store, DETACH);
      await make(test.store, owned(HUB, 'eve'));
      await make(test.store, owned(BULB, ANN, 'eve'));
      await make(test.store, attachOf({ right: { of: 'owner', ownerId: 'eve' } }));
      await make(test.store, owned(HUB, 'eve', ANN));
      const got = await issueFor();
      const [first = ''] = order;
      const outcome = await execute(test.store, { ...owned(first), set: {}, removeOwnerId: 'eve' });
      expect([await gatewayOf(BULB), await isPairLive(test, got)]).toEqual([undefined, false]);
      expect(outcome).toMatchObject({ answer: { revision: await revisionOf(test.store) } });
    },
  );

  it('leaves its gateway, with its tokens, when an owner comes or goes that does not let it be', async () => {
    await make(test.store, DETACH);
    await make(test.store, attachOf({ right: { of: 'gateway', isProven: false } }));
    await make(test.store, owned(HUB, ANN));
    await make(test.store, owned(BULB, ANN));
    const got = await issueFor();
    expect(await gatewayOf(BULB)).toBe(HUB);
    await make(test.store, owned(BULB, ANN, 'bob'));
    expect([await gatewayOf(BULB), await isPairLive(test, got)]).toEqual([HUB, true]);
    await make(test.store, { ...owned(BULB), set: {}, removeOwnerId: ANN });
    expect([await gatewayOf(BULB), await isPairLive(test, got)]).toEqual([undefined, false]);
    const records = await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: 100 });
    expect(records.at(-1)?.details).toBe(`remove_owner ${ANN}, detach 1`);
  });

  it('leaves a gateway that was sold, and stays where an admin attached it', async () => {
    await make(test.store, attachOf({ endNodeId: PLUG }));
    await make(test.store, DETACH);
    await make(test.store, owned(HUB, ANN));
    await make(test.store, owned(BULB, ANN));
    await make(test.store, owned(PLUG, ANN));
    await make(test.store, attachOf({ right: { of: 'owner', ownerId: ANN } }));
    const [bulb, plug] = [await issueFor(), await issueFor(hub, PLUG)];
    await make(test.store, owned(HUB, 'bob'));
    expect([await gatewayOf(BULB), await gatewayOf(PLUG)]).toEqual([undefined, HUB]);
    expect([await isPairLive(test, bulb), await isPairLive(test, plug)]).toEqual([false, true]);
  });

  it('has one gateway, which it is taken from by its owner or an admin alone', async () => {
    expect(await outcomeOf(attachOf({ gatewayId: PLUG, right: { of: 'gateway', isProven: false } }))).toBe(
      'precondition_failed',
    );
    const before = await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: 100 });
    expect(await outcomeOf(attachOf({ right: { of: 'gateway', isProven: false } }))).toBe('ok');
    // Nothing was changed by it.
    expect(await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: 100 })).toHaveLength(before.length);
    expect(await outcomeOf(attachOf({ gatewayId: PLUG }))).toBe('ok');
    expect([await gatewayOf(BULB), await revisionOf(test.store)]).toEqual([PLUG, 1]);
    expect(await outcomeOf(DETACH)).toBe('not_found');
  });

  it('is no gateway itself, no user, not of another tenant, and not there twice', async () => {
    expect(await outcomeOf(attachOf({ endNodeId: HUB }))).toBe('invalid_argument');
    expect(await outcomeOf(attachOf({ gatewayId: BULB, endNodeId: PLUG }))).toBe('precondition_failed');
    expect(await outcomeOf(attachOf({ gatewayId: PLUG, endNodeId: HUB }))).toBe('precondition_failed');
    expect(await outcomeOf(attachOf({ endNodeId: ANN }))).toBe('not_found');
    expect(await outcomeOf(attachOf({ gatewayId: ANN, endNodeId: PLUG }))).toBe('not_found');
    expect(await outcomeOf(attachOf({ endNodeId: 'th.none' }))).toBe('not_found');
    expect(await outcomeOf(attachOf({ tenantId: 'other' }))).toBe('not_found');
  });

  it('is one of a bounded number', async () => {
    for (let i = 1; i <= MAX_END_NODES; i++) {
      const subjectId = `th.${i}`;
      await make(test.store, subjectOf({ subjectId, kind: 'device', vendorId: subjectId }));
      const outcome = await outcomeOf(attachOf({ endNodeId: subjectId }));
      expect(outcome).toBe(i < MAX_END_NODES ? 'ok' : 'precondition_failed');
    }
    const listed = await test.store.list(END_NODES, { tenantId: TENANT, gatewayId: HUB }, { limit: 1_000 });
    expect(listed).toHaveLength(MAX_END_NODES);
    await make(test.store, cutOff('device', HUB, 'deleted'));
    expect(await revisionOf(test.store)).toBe(1 + MAX_END_NODES);
    expect(await gatewayOf(BULB)).toBeUndefined();
  });
}
