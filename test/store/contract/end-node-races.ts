/** A gateway asks for tokens of its end node while it is cut off: what it got is dead, or it got nothing. */
import { beforeEach, expect, it } from 'vitest';
import type { CommandData } from '../../../src/core/commands/index.ts';
import { execute, make } from '../../support.ts';
import { versionOf } from '../callers.ts';
import {
  APP,
  begin,
  cutOff,
  isPairLive,
  makeAcme,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';
import { attachOf, BULB, HUB, issueForOf } from './end-nodes.ts';

const HOUR = 3_600_000;
/** On each side of what cuts it off. */
const MANY = 6;

export function endNodeRaces(test: UnderTest): void {
  beforeEach(async () => {
    await makeAcme(test.store);
    for (const subjectId of [HUB, BULB]) {
      await make(test.store, subjectOf({ subjectId, kind: 'device', vendorId: subjectId }));
    }
    await make(test.store, attachOf());
  });

  /** A login of the hub that was refreshed twice, so that its first refresh token is an old one. */
  async function logInHub() {
    const login = await begin(test.store, { subjectId: HUB, tokenKind: 'DEVICE', expireTime: test.clock.now + HOUR });
    const second = refreshOf(login, { expireTime: test.clock.now + HOUR });
    await make(test.store, second);
    await make(test.store, refreshOf(second, { expireTime: test.clock.now + HOUR }));
    return login;
  }

  const endings: [string, (familyId: string, theft: CommandData) => CommandData][] = [
    ['its login is revoked', (familyId) => revokeFamily(familyId)],
    ['its login is stolen', (_, theft) => theft],
    ['it is cut off', () => cutOff('device', HUB)],
    ['it is deleted', () => cutOff('device', HUB, 'deleted')],
    ['the end node is cut off', () => cutOff('device', BULB, 'disabled')],
    ['it loses the end node', () => ({ kind: 'detach_end_node', tenantId: TENANT, gatewayId: HUB, endNodeId: BULB })],
  ];

  it.each(endings)('no token outlives it when %s', async (_, ending) => {
    const login = await logInHub();
    const clientVersion = await versionOf(test.store, APP);
    const proof = {
      by: 'token',
      familyId: login.familyId,
      subjectId: HUB,
      consentId: null,
      expireTime: test.clock.now + HOUR,
    } as const;
    const permission = 'act_for_device';
    const authority = [{ permission, tenantId: TENANT, clientId: APP, clientVersion, proof }] as const;
    const asked = Array.from({ length: 2 * MANY }, () => issueForOf(login));
    const ask = (command: (typeof asked)[number]) => test.store.execute({ ...command, authority });

    await ask(asked[0] as (typeof asked)[number]);
    await Promise.all([
      ...asked.slice(1, MANY).map(ask),
      execute(test.store, ending(login.familyId, refreshOf(login))),
      ...asked.slice(MANY).map(ask),
    ]);

    const lives = await Promise.all(asked.map((command) => isPairLive(test, command)));
    expect(lives.filter(Boolean)).toEqual([]);
  });
}
