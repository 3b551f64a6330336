import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type UpdateSubject, updateSubject } from '../../../src/core/commands/update-subject.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { type Handle, SUBJECT, type Subject } from '../../../src/core/tables/subjects.ts';
import { changesOf, resultOf } from './decisions.ts';
import { code, NOW, subject, tenant } from './rows.ts';

type State = Parameters<typeof updateSubject.decide>[0];

const STATE: State = {
  tenant: tenant(),
  subject: subject(),
  handles: [],
  codes: [],
  sent: [],
  endNode: undefined,
  endNodes: [],
  token: undefined,
  failures: [],
  own: undefined,
  family: undefined,
  gateway: undefined,
  nodes: [],
};
const COMMAND: UpdateSubject = {
  kind: 'update_subject',
  tenantId: 'acme',
  subjectKind: 'user',
  subjectId: 'ann',
  set: {},
};
const set = (fields: UpdateSubject['set']): Partial<UpdateSubject> => ({ set: fields });
const handle = (kind: Handle['kind'], key: string): Handle => ({ tenantId: 'acme', kind, key, subjectId: 'eve' });

const pseudo = { subject: subject({ loginName: null, email: null, emailVerified: false, passwordHash: null }) };
const unverified = { subject: subject({ emailVerified: false }) };
const waiting = { subject: subject({ pendingEmail: 'b@example.com' }) };
const lamp = {
  subject: subject({ kind: 'device', loginName: null, email: null, emailVerified: false, ownerIds: ['ann'] }),
};
const DEVICE = { subjectKind: 'device' } as const;
const seen = { email: 'ann@example.com' };
const CANCELLED = 'set message state sealed lastError';
const MET = 'precondition_failed';
const WRONG = 'invalid_argument';

/** A field that is written as it was is none that is set. */
function changesIn({ changes }: ReturnType<typeof updateSubject.decide>, before: Subject | undefined): string[] {
  const isNew = ([field, value]: [string, unknown]) => !isDeepStrictEqual(before?.[field as keyof Subject], value);
  const fieldsOf = (fields: object) => Object.fromEntries(Object.entries(fields).filter(isNew).sort());
  return changesOf({
    changes: changes.map((change) =>
      change.change === 'set' && change.table.name === SUBJECT.name
        ? { ...change, fields: fieldsOf(change.fields) }
        : change,
    ),
  });
}

it.each<[string, Partial<State>, Partial<UpdateSubject>, string, string[]]>([
  ['a display name', {}, set({ displayName: 'x' }), 'ok', ['set subject displayName']],
  ['a login name', {}, set({ loginName: 'Bob' }), 'ok', ['set subject loginName', 'drop handle', 'insert handle']],
  ['the case of a login name', {}, set({ loginName: 'ANN' }), 'ok', ['set subject loginName']],
  [
    'a login name that somebody has',
    { handles: [handle('login_name', 'bob')] },
    set({ loginName: 'BOB' }),
    'already_exists',
    [],
  ],
  [
    'an address that is not proven, at once',
    unverified,
    set({ email: 'b@example.com' }),
    'ok',
    ['set subject email', CANCELLED],
  ],
  [
    'an address beside a proven one',
    {},
    set({ email: 'b@example.com' }),
    'ok',
    ['set subject pendingEmail', CANCELLED],
  ],
  [
    'an address in place of one that waits',
    { subject: subject({ pendingEmail: 'c@example.com' }), codes: [code({ address: 'c@example.com' })] },
    set({ email: 'b@example.com' }),
    'ok',
    ['set subject pendingEmail', 'put code', CANCELLED],
  ],
  [
    'the proven address again, which takes back the one that waits',
    { subject: subject({ pendingEmail: 'b@example.com' }) },
    set({ email: 'Ann@Example.com' }),
    'ok',
    ['set subject email pendingEmail', CANCELLED],
  ],
  ['the address that waits already', waiting, set({ email: 'b@example.com' }), 'ok', ['set subject ']],
  [
    'the address that waits, as verified',
    waiting,
    set({ email: 'b@example.com', emailVerified: true }),
    'ok',
    ['set subject email pendingEmail', 'drop handle', 'insert handle', CANCELLED],
  ],
  [
    'no address, nor the one that waits',
    waiting,
    set({ email: null }),
    'ok',
    ['set subject email emailVerified pendingEmail', 'drop handle', CANCELLED],
  ],
  [
    'an address, whose code dies',
    { ...unverified, codes: [code()] },
    set({ email: 'b@example.com' }),
    'ok',
    ['set subject email', 'put code', CANCELLED],
  ],
  ['the case of an address', {}, set({ email: 'ANN@example.com' }), 'ok', ['set subject email']],
  [
    'an address to one that is verified',
    {},
    set({ email: 'b@example.com', emailVerified: true }),
    'ok',
    ['set subject email', 'drop handle', 'insert handle'],
  ],
  [
    'an address to a verified one of somebody',
    { handles: [handle('email', 'b@example.com')] },
    set({ email: 'b@example.com', emailVerified: true }),
    'already_exists',
    [],
  ],
  [
    'its own address as verified',
    unverified,
    { ...set({ emailVerified: true }), seen },
    'ok',
    ['set subject emailVerified', 'insert handle', CANCELLED],
  ],
  [
    'its own address as verified, which is another by now',
    unverified,
    { ...set({ emailVerified: true }), seen: { email: 'b@example.com' } },
    MET,
    [],
  ],
  ['all of its names away', {}, set({ loginName: null, email: null }), WRONG, []],
  [
    'a first name and password',
    pseudo,
    { ...set({ loginName: 'bob' }), firstPasswordHash: 'x' },
    'ok',
    ['set subject loginName passwordHash', 'insert handle'],
  ],
  ['a first name alone', pseudo, set({ loginName: 'bob' }), WRONG, []],
  ['a first password alone', pseudo, { firstPasswordHash: 'x' }, WRONG, []],
  ['a second first password', {}, { firstPasswordHash: 'x' }, MET, []],
  [
    'attributes by a patch',
    { subject: subject({ attributes: '{"a":1}' }) },
    { attributes: { how: 'merge', attributes: '{"b":2}' } },
    'ok',
    ['set subject attributes'],
  ],
  [
    'attributes by a patch that is too long',
    {},
    { attributes: { how: 'merge', attributes: JSON.stringify({ a: 'x'.repeat(66_000) }) } },
    WRONG,
    [],
  ],
  ['a device as a user', lamp, set({ displayName: 'x' }), 'not_found', []],
  ['an owner more', lamp, { ...DEVICE, addOwnerId: 'bob' }, 'ok', ['set subject ownerIds', 'put device_owner']],
  ['an owner twice', lamp, { ...DEVICE, addOwnerId: 'ann' }, 'already_exists', []],
  ['an owner less', lamp, { ...DEVICE, removeOwnerId: 'ann' }, 'ok', ['set subject ownerIds', 'drop device_owner']],
  ['an owner away that is none', lamp, { ...DEVICE, removeOwnerId: 'bob' }, 'not_found', []],
  ['nobody', { subject: undefined }, {}, 'not_found', []],
  ['another tenant’s user', { subject: subject({ tenantId: 'other' }) }, {}, 'not_found', []],
])('sets %s', (_, state, fields, result, changes) => {
  const before = { ...STATE, ...state };
  const decision = updateSubject.decide(before, { ...COMMAND, ...fields }, NOW);
  expect([resultOf(decision), changesIn(decision, before.subject)]).toEqual([result, changes]);
});

describe('where the tenant asks for no verification, an address', () => {
  const open = { tenant: tenant({ policy: { emailVerificationRequired: false } }) };
  const after = (fields: UpdateSubject['set']) => {
    const { outcome } = updateSubject.decide({ ...STATE, ...open, ...unverified }, { ...COMMAND, set: fields }, NOW);
    return 'answer' in outcome && outcome.answer.subject.emailVerified;
  };

  it('that is set takes the place of another at once', () => {
    const { outcome } = updateSubject.decide(
      { ...STATE, ...open },
      { ...COMMAND, set: { email: 'b@example.com' } },
      NOW,
    );
    expect('answer' in outcome && outcome.answer.subject).toMatchObject({
      ...{ email: 'b@example.com', emailVerified: true, pendingEmail: null },
    });
  });

  it('that is set counts as verified, one that is not stays as it is, and one that is absent never does', () => {
    const set = [
      { email: 'b@example.com' },
      { displayName: 'x' },
      { email: null },
      { email: 'b@example.com', emailVerified: false },
    ];
    expect(set.map(after)).toEqual([true, false, false, false]);
  });
});

it('a new address is sent its code, unless too many were', () => {
  const newCode = {
    purpose: 'verify_email',
    channel: 'email',
    digest: digestOf('x'),
    messageId: 'ms_1',
    sealed: Uint8Array.of(1),
  } as const;
  const command = { ...COMMAND, set: { email: 'b@example.com' }, codes: [newCode] };
  const sent = ['put code', 'insert message', 'put login_failures'];
  expect(changesOf(updateSubject.decide(STATE, command, NOW))).toEqual(expect.arrayContaining(sent));
  const many = { ...STATE, codes: [code({ sentCount: 5 })] };
  const changes = changesOf(updateSubject.decide(many, command, NOW));
  expect(changes).not.toContain('insert message');
  expect(changes[0]).toBe('set subject pendingEmail');
});
