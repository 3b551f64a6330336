/** A store with every kind of row that there is, made through the port. */
import type { FailureCounter } from '../../src/core/commands.ts';
import type { LoginHandle } from '../../src/core/handles.ts';
import type { Digest } from '../../src/core/model.ts';
import type { Store } from '../../src/core/store.ts';
import { make, type TestClock } from '../support.ts';
import {
  APP,
  aDigest,
  answerOf,
  begin,
  clientOf,
  cutOff,
  HASH,
  issueOf,
  makeAcme,
  POLICY,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
} from './fixtures.ts';
import { EMAIL, enableMfa, enrolOf, PHONE, sendOf, settleOf, take, takeOf } from './people.ts';

/** All that quoting, arrays of PostgreSQL and encodings could trip over. */
export const ODD_TEXTS = [
  '',
  ' ',
  `it's "quoted"`,
  'back\\slash \\\\ \\x41 \\u0041',
  '{curly,NULL}',
  'NULL',
  'null',
  'zwölf 🦊👩‍👩‍👧 日本語 \u{10ffff}',
  'e\u0301 and é',
  'line\nbreak\r\n\ttab',
  '%s $1 ?',
];

const COUNTERS = ['ann', 'bob', 'bob@example.com'].map((key): FailureCounter => ({ key, kind: 'name' }));
const SMALL = 'small';

export interface Filled {
  readonly tokens: readonly { readonly tenantId: string; readonly digest: Digest }[];
  readonly clients: readonly string[];
  readonly tenants: readonly string[];
  readonly handles: readonly { readonly tenantId: string; readonly handle: LoginHandle }[];
  /** A refresh whose answer can be repeated, and that answer. */
  readonly refreshed: { readonly digest: Digest; readonly sealed: Uint8Array };
}

export async function fillStore(store: Store, clock: TestClock): Promise<Filled> {
  await makeAcme(store, { ...POLICY, emailVerificationRequired: true, loginAttempts: Number.MAX_SAFE_INTEGER });
  await make(store, tenantOf(SMALL, { loginAttempts: 2 }));
  const oddTenants = ODD_TEXTS.map((_, i) => `odd-${i}`);
  for (const [i, displayName] of ODD_TEXTS.entries()) {
    await make(store, { ...tenantOf(`odd-${i}`), displayName } as Parameters<typeof make>[1]);
  }
  const clients = await fillClients(store);
  const handles = await fillSubjects(store);
  const { tokens, refreshed } = await fillTokens(store, clock);
  await make(store, { kind: 'fail_login', tenantId: TENANT, counters: COUNTERS });
  // The last of them is refused: the name is locked.
  for (const _ of [1, 2, 3]) {
    await store.execute({ kind: 'fail_login', tenantId: SMALL, counters: COUNTERS.slice(1) });
  }
  await fillPeople(store, clock);
  await make(store, cutOff('tenant', 'odd-1', 'revoked', 'odd-1'));
  await make(store, cutOff('tenant', 'odd-2', 'disabled', 'odd-2'));
  return { tokens, clients, tenants: [TENANT, SMALL, ...oddTenants], handles, refreshed };
}

async function fillClients(store: Store): Promise<string[]> {
  const expiring = { secretId: 'cs_expiring', digest: aDigest(), expireTime: Number.MAX_SAFE_INTEGER };
  await make(store, { ...clientOf('expiring'), secret: expiring });
  const admin = clientOf('admin');
  await make(store, {
    ...admin,
    client: { ...admin.client, displayName: ODD_TEXTS.join('|'), roles: ['admin', 'introspect'], scopes: [] },
  });
  for (const id of ['disabled', 'enabled', 'deleted']) {
    await make(store, clientOf(id));
  }
  await make(store, cutOff('client', 'disabled', 'disabled'));
  await make(store, cutOff('client', 'enabled', 'disabled'));
  await make(store, { kind: 'enable', tenantId: TENANT, principal: { kind: 'client', id: 'enabled' } });
  return [APP, 'expiring', 'admin', 'disabled', 'enabled', 'deleted', TENANT, SMALL];
}

async function fillSubjects(store: Store) {
  const bob = { loginName: 'Bob', email: 'Bob@example.com', phone: '+81312345678' };
  await make(store, subjectOf({ subjectId: 'user-bob', ...bob, emailVerified: true, phoneVerified: true }));
  await make(store, subjectOf({ subjectId: 'unverified', email: 'c@example.com', phone: '+81312345679' }));
  await make(store, subjectOf({ subjectId: 'device', kind: 'device', passwordHash: null, vendorId: 'thing: 🦊 "1"' }));
  await make(store, subjectOf({ subjectId: 'elsewhere', tenantId: SMALL, loginName: 'bob' }));
  for (const [i, text] of ODD_TEXTS.slice(2).entries()) {
    await make(
      store,
      subjectOf({
        subjectId: `odd-user-${i}`,
        loginName: `${text}${i}`,
        passwordHash: i % 2 === 0 ? null : HASH,
        displayName: text,
        attributes: JSON.stringify({ [text]: text }),
      }),
    );
  }
  await make(store, subjectOf({ subjectId: 'barred', loginName: 'barred' }));
  await make(store, cutOff('user', 'barred', 'disabled'));
  return [
    { tenantId: TENANT, handle: { kind: 'login_name', key: 'bob' } },
    { tenantId: TENANT, handle: { kind: 'login_name', key: 'Bob' } },
    { tenantId: TENANT, handle: { kind: 'email', key: 'bob@example.com' } },
    { tenantId: TENANT, handle: { kind: 'phone', key: '+81312345678' } },
    { tenantId: SMALL, handle: { kind: 'login_name', key: 'bob' } },
    { tenantId: TENANT, handle: { kind: 'vendor_id', key: 'thing: 🦊 "1"' } },
  ] as { tenantId: string; handle: LoginHandle }[];
}

/** Codes, messages, second factors, challenges and the key. */
async function fillPeople(store: Store, clock: TestClock): Promise<void> {
  const by = { kind: 'user', id: ODD_TEXTS.join('|'), tokenId: 'tk_1', address: '::1', requestId: 'r-1' } as const;
  await make(store, { kind: 'update_tenant', tenantId: SMALL, displayName: SMALL, by });
  await make(store, subjectOf({ subjectId: 'owned', kind: 'device', vendorId: 'owned', ownerIds: ['z', 'user-bob'] }));
  await make(store, subjectOf({ subjectId: 'person', email: EMAIL, phone: PHONE }));
  for (const code of [{}, { purpose: 'verify_phone', channel: 'sms' }] as const) {
    await make(store, sendOf(code, 'person'));
  }
  const [first, second] = await take(store, takeOf(2));
  await make(store, settleOf(first?.messageId ?? ''));
  await make(store, settleOf(second?.messageId ?? '', { state: 'pending', lastError: 'no route' }));
  await enableMfa(store, { subjectId: 'person', recoveryDigests: [aDigest(), aDigest()] });
  await make(store, enrolOf());
  for (const expiring of [{}, { expireTime: clock.now + 60_000 }]) {
    const issue = issueOf({ subjectId: 'person', ...expiring });
    answerOf(await store.execute(issue));
  }
  await store.bindKey(aDigest());
}

async function fillTokens(store: Store, clock: TestClock) {
  const tokens: { tenantId: string; digest: Digest }[] = [];
  const keep = (issued: { accessDigest: Digest; refreshDigest: Digest }, tenantId = TENANT) =>
    tokens.push({ tenantId, digest: issued.accessDigest }, { tenantId, digest: issued.refreshDigest });
  for (const scopes of [['read'], [], ['read', 'write']]) {
    keep((await begin(store, { scopes })).tokens);
  }
  const revoked = await begin(store);
  keep(revoked.tokens);
  await make(store, revokeFamily(revoked.familyId));
  const confirmed = await begin(store);
  keep(confirmed.tokens);
  const first = refreshOf(confirmed.tokens.refreshDigest);
  answerOf(await store.execute(first));
  keep(first.tokens);
  await make(store, { kind: 'confirm', familyId: confirmed.familyId, generation: 1 });
  const again = await begin(store);
  keep(again.tokens);
  clock.advance(1_000);
  const refresh = refreshOf(again.tokens.refreshDigest);
  answerOf(await store.execute(refresh));
  keep(refresh.tokens);
  for (const tenantId of [TENANT, SMALL]) {
    const subjectId = tenantId === TENANT ? 'user-bob' : 'elsewhere';
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), sealed: new Uint8Array([0, 255, 92, 120]) };
    const issue = issueOf({ tenantId, clientId: tenantId, subjectId, request });
    answerOf(await store.execute(issue));
    keep(issue.tokens, tenantId);
  }
  await make(store, tenantOf('short', { refreshEnabled: false }));
  await make(store, subjectOf({ subjectId: 'short', tenantId: 'short' }));
  const request = { requestDigest: aDigest(), fingerprint: aDigest(), sealed: new Uint8Array() };
  answerOf(
    await store.execute(
      issueOf({ tenantId: 'short', clientId: 'short', subjectId: 'short', request, scopes: ['read'] }),
    ),
  );
  keep((await begin(store, { clientId: 'deleted' })).tokens);
  await make(store, cutOff('client', 'deleted', 'deleted'));
  return { tokens, refreshed: { digest: again.tokens.refreshDigest, sealed: refresh.sealed } };
}
