import { expect, it } from 'vitest';
import { type CutOff, cutOff } from '../../../src/core/commands/cut-off.ts';
import type { Target } from '../../../src/core/model.ts';
import { changesOf, resultOf } from './decisions.ts';
import { client, NOW, subject, tenant } from './rows.ts';

type State = Parameters<typeof cutOff.decide>[0];

const NOBODY: State = {
  tenant: tenant(),
  client: undefined,
  subject: undefined,
  endNodes: [],
  token: undefined,
  failures: [],
  own: undefined,
  owned: [],
  ownedTokens: [],
};
const BULB = { subjectId: 'th.2', tenantId: 'acme', gatewayId: 'th.1', byAdmin: false, attachTime: NOW };
const lamp = subject({ subjectId: 'th.1', kind: 'device' });

const targetOf = (kind: Target['kind'], id: string): Target => ({ kind, id });
const [APP, ANN, LAMP, ACME] = [
  targetOf('client', 'app'),
  targetOf('user', 'ann'),
  targetOf('device', 'th.1'),
  targetOf('tenant', 'acme'),
];

const EVENT = ['set tenant revision', 'insert revocation'];
const CODE = ['drop code', 'set message state sealed lastError'];
const SUBJECT_GONE = [
  'drop handle',
  'drop device_owner',
  'drop end_node',
  'drop end_node_login',
  'drop consent',
  'drop device_token',
  'drop code',
  'drop totp',
  'drop subject',
  'drop message',
];

it.each<[string, Partial<State>, Target, CutOff['cause'], string, string[]]>([
  ['a client revoked', { client: client() }, APP, 'revoked', 'ok', [...EVENT, 'set client cutoff']],
  [
    'a client disabled',
    { client: client() },
    APP,
    'disabled',
    'ok',
    [...EVENT, 'set client cutoff', 'set client disabled'],
  ],
  [
    'a client deleted',
    { client: client() },
    APP,
    'deleted',
    'ok',
    [...EVENT, 'set client cutoff', 'drop client_secret', 'drop consent', 'drop client'],
  ],
  ['a user revoked', { subject: subject() }, ANN, 'revoked', 'ok', [...EVENT, 'set subject cutoff']],
  [
    'a user disabled, with all codes',
    { subject: subject() },
    ANN,
    'disabled',
    'ok',
    [...EVENT, 'set subject cutoff', 'set subject disabled', ...CODE, ...CODE, ...CODE],
  ],
  ['a user deleted', { subject: subject() }, ANN, 'deleted', 'ok', [...EVENT, 'set subject cutoff', ...SUBJECT_GONE]],
  [
    'a device disabled',
    { subject: lamp },
    LAMP,
    'disabled',
    'ok',
    [...EVENT, 'set subject cutoff', 'set subject disabled', 'set subject disabledByOwner'],
  ],
  ['a device deleted', { subject: lamp }, LAMP, 'deleted', 'ok', [...EVENT, 'set subject cutoff', ...SUBJECT_GONE]],
  [
    'a gateway revoked, with what is behind it',
    { subject: lamp, endNodes: [BULB] },
    LAMP,
    'revoked',
    'ok',
    [...EVENT, 'set subject cutoff', ...EVENT, 'set subject cutoff', 'drop end_node_login'],
  ],
  ['a tenant revoked', {}, ACME, 'revoked', 'ok', [...EVENT, 'set tenant cutoff']],
  ['a tenant disabled', {}, ACME, 'disabled', 'ok', [...EVENT, 'set tenant cutoff', 'set tenant disabled']],
  ['a tenant deleted', {}, ACME, 'deleted', 'invalid_argument', []],
  ['no user', {}, ANN, 'revoked', 'not_found', []],
  ['a device that is called a user', { subject: lamp }, targetOf('user', 'th.1'), 'disabled', 'not_found', []],
  ['another tenant’s user', { subject: subject({ tenantId: 'other' }) }, ANN, 'deleted', 'not_found', []],
  ['another tenant’s client', { client: client({ tenantId: 'other' }) }, APP, 'disabled', 'not_found', []],
  ['another tenant', {}, targetOf('tenant', 'other'), 'disabled', 'not_found', []],
  ['in no tenant', { tenant: undefined, client: client() }, APP, 'disabled', 'not_found', []],
])('%s', (_, state, target, cause, result, changes) => {
  const decision = cutOff.decide({ ...NOBODY, ...state }, { kind: 'cut_off', tenantId: 'acme', target, cause }, NOW);
  expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
});

it('the cutoff is the revision of its event', () => {
  const command: CutOff = { kind: 'cut_off', tenantId: 'acme', target: ANN, cause: 'revoked' };
  const { changes, outcome } = cutOff.decide({ ...NOBODY, subject: subject() }, command, NOW);
  expect(outcome).toEqual({ answer: { revision: 6, revoked: true } });
  expect(changes).toMatchObject([
    { fields: { revision: 6 } },
    { row: { revision: 6, key: 'ann' } },
    { fields: { cutoff: 6 } },
  ]);
});
