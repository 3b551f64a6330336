import { expect, it } from 'vitest';
import { type AddClientSecret, addClientSecret } from '../../../src/core/commands/add-client-secret.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { changesOf, resultOf } from './decisions.ts';
import { client, MINUTE, NOW, secret, tenant } from './rows.ts';

type State = Parameters<typeof addClientSecret.decide>[0];

const STATE: State = { tenant: tenant(), client: client(), secrets: [secret()] };
const COMMAND: AddClientSecret = {
  kind: 'add_client_secret',
  tenantId: 'acme',
  clientId: 'app',
  secret: { secretId: 'cs_2', digest: digestOf('another'), expireTime: null },
  endTokens: false,
};
const secrets = (count: number, fields = {}) =>
  Array.from({ length: count }, (_, i) => secret({ secretId: `cs_${i}`, ...fields }));

const ADDED = ['insert client_secret'];
const OTHERS = 'set client_secret expireTime';
const ENDED = ['set tenant revision', 'insert revocation', 'set client cutoff'];
const FULL = 'invalid_argument';

it.each<[string, Partial<State>, Partial<AddClientSecret>, string, string[]]>([
  ['beside another', {}, {}, 'ok', ADDED],
  ['in the place of another', {}, { othersExpireTime: NOW + 1 }, 'ok', [...ADDED, OTHERS]],
  ['after a leak', {}, { othersExpireTime: NOW, endTokens: true }, 'ok', [...ADDED, OTHERS, ...ENDED]],
  ['as the tenth', { secrets: secrets(9) }, {}, 'ok', ADDED],
  ['as the eleventh', { secrets: secrets(10) }, {}, FULL, []],
  ['as the eleventh, when some have expired', { secrets: secrets(10, { expireTime: NOW }) }, {}, 'ok', ADDED],
  [
    'as the eleventh, when the others end at once',
    { secrets: secrets(10) },
    { othersExpireTime: NOW },
    'ok',
    [...ADDED, ...Array(10).fill(OTHERS)],
  ],
  ['as the eleventh, when the others end later', { secrets: secrets(10) }, { othersExpireTime: NOW + 1 }, FULL, []],
  ['to a public client', { client: client({ confidential: false }) }, {}, 'invalid_argument', []],
  ['to no client', { client: undefined }, {}, 'not_found', []],
  ['to another tenant’s client', { client: client({ tenantId: 'other' }) }, {}, 'not_found', []],
])('a secret is added %s', (_, state, fields, result, changes) => {
  const decision = addClientSecret.decide({ ...STATE, ...state }, { ...COMMAND, ...fields }, NOW);
  expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
});

it('another that would end sooner anyway ends when it would', () => {
  const state = { ...STATE, secrets: [secret({ expireTime: NOW + MINUTE }), secret({ secretId: 'cs_3' })] };
  const { changes } = addClientSecret.decide(state, { ...COMMAND, othersExpireTime: NOW + 2 * MINUTE }, NOW);
  const [, ...others] = changes;
  expect(others).toMatchObject([
    { fields: { expireTime: NOW + MINUTE } },
    { fields: { expireTime: NOW + 2 * MINUTE } },
  ]);
});
