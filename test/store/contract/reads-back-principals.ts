import { expect, it } from 'vitest';
import { MAX_LIFETIME_MS } from '../../../src/core/policy.ts';
import { findSubject, readFailures, readTenant } from '../../../src/core/services/lookups.ts';
import type { ClientRegistration } from '../../../src/core/tables/clients.ts';
import { make } from '../../support.ts';
import {
  ANN,
  aDigest,
  aFamilyId,
  clientOf,
  HASH,
  makeAcme,
  POLICY,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { plain } from '../people.ts';

/** What breaks a store that joins texts into SQL, or counts bytes as characters. */
const ODD_NAME = `Ω’s "shop"; DROP TABLE tenant; -- 100% \\ 🗝 e\u0301`;

const NOTHING_PENDING = { pendingEmail: null, pendingPhone: null };

/** How a client takes part in authorization, of one that does not and of one that does. */
const NO_PART: ClientRegistration = { firstParty: false, grants: [], redirectUris: [], logoUri: '', accentColor: '' };
const PART: ClientRegistration = {
  firstParty: true,
  grants: ['authorization_code', 'implicit'],
  redirectUris: ['https://app.example/back?a=1', 'com.example.app:/back'],
  logoUri: 'https://app.example/logo.png',
  accentColor: '#00aaff',
};

export function readsBackPrincipals(test: UnderTest): void {
  it('a tenant, field for field', async () => {
    for (const is of [true, false]) {
      const tenantId = `tenant-${is}`;
      const flags = { refreshEnabled: is, selfRegistration: !is, emailVerificationRequired: is };
      const policy = { ...POLICY, ...flags, phoneVerificationRequired: !is, exposeFullUsers: is };
      const brand = { logoUri: is ? 'https://cdn.example/logo.png' : '', accentColor: is ? '#0A7cff' : '' };
      await make(test.store, { ...tenantOf(tenantId), displayName: ODD_NAME, policy, ...brand });

      const ofReading = { disabled: false, revision: 0, displayName: ODD_NAME, ...brand };
      expect((await test.store.readClient(tenantId))?.tenant).toEqual(ofReading);
      const expected = {
        ...brand,
        tenantId,
        displayName: ODD_NAME,
        disabled: false,
        policy,
        revision: 0,
        cutoff: 0,
      } as const;
      const audit = { auditSequence: 1, auditHash: expect.any(Uint8Array), clientVersion: expect.any(Number) };
      expect(plain(await readTenant(test.store, tenantId))).toEqual({
        ...expected,
        ...audit,
        createTime: test.clock.now,
      });
    }
  });

  it('the public client that comes with a tenant', async () => {
    await make(test.store, tenantOf(TENANT));

    const client = { clientId: TENANT, tenantId: TENANT, displayName: TENANT, confidential: false, disabled: false };
    expect(await test.store.readClient(TENANT)).toEqual({
      client: { ...client, ...NO_PART, roles: [], scopes: ['read', 'write'], cutoff: 0, createTime: test.clock.now },
      tenant: { disabled: false, revision: 0, displayName: TENANT, logoUri: '', accentColor: '' },
      clientVersion: expect.any(Number),
      secrets: [],
    });
  });

  it('a client with its secret, field for field', async () => {
    await make(test.store, tenantOf(TENANT));
    for (const expireTime of [null, test.clock.now + MAX_LIFETIME_MS]) {
      const clientId = `app-${expireTime}`;
      const secret = { secretId: 'cs_1', digest: aDigest(), expireTime };
      const asked = { clientId, tenantId: TENANT, displayName: ODD_NAME, confidential: true } as const;
      const lists = { roles: ['admin', 'introspect'], scopes: ['z', 'a', 'm:n/*'] } as const;
      await make(test.store, { kind: 'create_client', client: { ...asked, ...lists, ...PART }, secret });

      const reading = await test.store.readClient(clientId);
      expect(reading?.client).toEqual({
        ...asked,
        ...lists,
        ...PART,
        disabled: false,
        cutoff: 0,
        createTime: test.clock.now,
      });
      expect(reading?.secrets.map((each) => ({ ...each, digest: new Uint8Array(each.digest) }))).toEqual([
        { ...secret, clientId },
      ]);
    }
  });

  it('a user, field for field, by each of its names', async () => {
    await make(test.store, tenantOf(TENANT));
    const command = subjectOf({
      loginName: 'Ann',
      email: 'Ann@Example.com',
      emailVerified: true,
      phone: '+819012341234',
      phoneVerified: true,
      displayName: ODD_NAME,
      attributes: `{"a":"${'ü'.repeat(2_000)}","b":[1,{"c":null}]}`,
    });
    await make(test.store, command);

    const expected = {
      ...command.subject,
      ownerIds: [],
      mfaEnabled: false,
      disabledByOwner: false,
      ...NOTHING_PENDING,
      disabled: false,
      cutoff: 0,
      createTime: test.clock.now,
    };
    for (const handle of [
      { kind: 'login_name', key: 'ann' },
      { kind: 'email', key: 'ann@example.com' },
      { kind: 'phone', key: '+819012341234' },
      { kind: 'subject_id', key: ANN },
    ] as const) {
      expect(await findSubject(test.store, TENANT, handle), handle.kind).toEqual(expected);
    }
  });

  it('a device without a password, by its vendor’s id', async () => {
    await make(test.store, tenantOf(TENANT));
    const command = subjectOf({ subjectId: 'th.1', kind: 'device', vendorId: 'Lamp-1', passwordHash: null });
    await make(test.store, command);

    const unsaid = { displayName: '', attributes: '{}', ownerIds: [], mfaEnabled: false, disabledByOwner: false };
    const expected = {
      ...command.subject,
      ...unsaid,
      ...NOTHING_PENDING,
      disabled: false,
      cutoff: 0,
      createTime: test.clock.now,
    };
    expect(await findSubject(test.store, TENANT, { kind: 'vendor_id', key: 'Lamp-1' })).toEqual(expected);
  });

  it('no address that is not verified', async () => {
    await make(test.store, tenantOf(TENANT));
    await make(test.store, subjectOf({ email: 'ann@example.com', phone: '+819012341234' }));

    expect(await findSubject(test.store, TENANT, { kind: 'email', key: 'ann@example.com' })).toBeUndefined();
    expect(await findSubject(test.store, TENANT, { kind: 'phone', key: '+819012341234' })).toBeUndefined();
  });

  it('upper and lower case as two', async () => {
    await make(test.store, tenantOf(TENANT));
    await make(test.store, clientOf('Robot'));
    expect(await test.store.readClient('robot')).toBeUndefined();
    await make(test.store, clientOf('robot'));
    await make(test.store, subjectOf({ subjectId: 'X', kind: 'device', vendorId: 'Lamp' }));
    await make(test.store, subjectOf({ subjectId: 'x', kind: 'device', vendorId: 'lamp' }));

    const find = async (key: string) => (await findSubject(test.store, TENANT, { kind: 'vendor_id', key }))?.subjectId;
    expect([await find('Lamp'), await find('lamp'), await find('LAMP')]).toEqual(['X', 'x', undefined]);
    const byId = async (key: string) => (await findSubject(test.store, TENANT, { kind: 'subject_id', key }))?.vendorId;
    expect([await byId('X'), await byId('x')]).toEqual(['Lamp', 'lamp']);
  });

  it('a hash put in the place of another, unless that one has changed', async () => {
    await makeAcme(test.store);
    const rehash = { kind: 'rehash', tenantId: TENANT, subjectId: ANN } as const;
    await make(test.store, { ...rehash, oldHash: HASH, newHash: 'second' });
    await make(test.store, { ...rehash, oldHash: HASH, newHash: 'third' });

    const found = await findSubject(test.store, TENANT, { kind: 'subject_id', key: ANN });
    expect(found?.passwordHash).toBe('second');
  });

  it('undefined of what there is none', async () => {
    await make(test.store, tenantOf(TENANT));

    expect(await readTenant(test.store, 'nobody')).toBeUndefined();
    expect(await test.store.readClient('nobody')).toBeUndefined();
    expect(await findSubject(test.store, TENANT, { kind: 'subject_id', key: 'nobody' })).toBeUndefined();
    expect(await readFailures(test.store, TENANT, [{ kind: 'name', key: 'nobody' }])).toEqual([]);
    const nothing = { reading: undefined, revision: 0 };
    expect(await test.store.readFamily(TENANT, aFamilyId())).toEqual({ ...nothing, clientVersion: expect.any(Number) });
    expect(await test.store.readFamily('nobody', aFamilyId())).toEqual({ ...nothing, clientVersion: -1 });
    expect(await test.store.readFamily(null, aFamilyId())).toEqual({ ...nothing, clientVersion: -1 });
  });
}
