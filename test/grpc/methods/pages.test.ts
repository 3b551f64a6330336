import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, CREDENTIALS, failureOf, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, type MethodName, openDirectoryBed, type Partially } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
  for (let i = 0; i < 7; i++) {
    bed.clock.advance(i % 2);
    await bed.call('registerUser', { loginName: `user-${i}`, email: `user-${i}@example.com`, password: PASSWORD });
    await bed.call('registerDevice', { vendorId: `device-${i}`, password: 'p' });
    await bed.call('createClient', { clientId: `acme.client-${i}` });
    await bed.call('createTenant', { tenantId: `tenant-${i}` }, bed.as.operator);
    await issue(bed, CREDENTIALS.user());
  }
});

afterAll(() => bed.close());

const OF_ANN = { subject: { $case: 'userId' as const, value: 'user-ann' } };

/** Every list, its entries, and what one is known by. */
const LISTS = [
  ['listTenants', 'tenants', 'tenantId', {}],
  ['listClients', 'clients', 'clientId', {}],
  ['listUsers', 'users', 'userId', {}],
  ['listDevices', 'devices', 'deviceId', {}],
  ['listTokens', 'families', 'familyId', OF_ANN],
  ['listUserMessages', 'messages', 'messageId', {}],
  ['listAuditRecords', 'records', 'sequence', {}],
] as const;

/** The ids of a page and the token of the next. */
async function pageOf(
  name: MethodName,
  items: string,
  id: string,
  request: object,
  as = name === 'listTenants' ? bed.as.operator : bed.as.admin,
): Promise<{ ids: unknown[]; next: string }> {
  const answer = (await bed.call(name, request as Partially<MethodName>, as)) as unknown as Record<string, unknown>;
  const entries = answer[items] as Record<string, unknown>[];
  return { ids: entries.map((entry) => entry[id]), next: String(answer.nextPageToken) };
}

describe.each(LISTS)('pages of %s', (name, items, id, query) => {
  it('hold everything once, in one order, whatever their size', async () => {
    const whole = await pageOf(name, items, id, { ...query, pageSize: 1_000 });
    expect(whole.next).toBe('');
    expect(whole.ids.length).toBeGreaterThanOrEqual(7);
    expect(new Set(whole.ids).size).toBe(whole.ids.length);
    for (const pageSize of [1, 3, whole.ids.length]) {
      const ids: unknown[] = [];
      let pageToken = '';
      do {
        const page = await pageOf(name, items, id, { ...query, pageSize, pageToken });
        expect(page.ids.length).toBeLessThanOrEqual(pageSize);
        ids.push(...page.ids);
        pageToken = page.next;
      } while (pageToken !== '');
      expect(ids).toEqual(whole.ids);
    }
  });

  it('have tokens for this caller and this list alone', async () => {
    const { next, ids } = await pageOf(name, items, id, { ...query, pageSize: 2 });
    const message = 'page_token must be a next_page_token of this list, by the same caller';
    const refused = { status: 'INVALID_ARGUMENT', message };
    const ask = (pageToken: string, as?: ReturnType<typeof basic>) =>
      failureOf(pageOf(name, items, id, { ...query, pageToken }, as));
    const box = Buffer.from(next, 'base64url');
    // It is a box: nothing of it can be read, as far as ids are long enough to tell, and no byte be changed.
    expect(ids.map(String).filter((each) => each.length > 4 && box.includes(each))).toEqual([]);
    const flipped = [0, Math.floor(box.length / 2), box.length - 1].map((at) =>
      Buffer.from(box.map((byte, i) => (i === at ? byte ^ 1 : byte))).toString('base64url'),
    );
    const tampered = ['rubbish', '.', next.slice(4), next.slice(0, -4), `AAAA${next}`, ...flipped, 'x'.repeat(5_000)];
    for (const token of tampered) {
      expect(await ask(token), token.slice(0, 50)).toMatchObject(refused);
    }
    // Another caller of the same tenant and right.
    const roles = name === 'listTenants' ? [3 as const] : [1 as const];
    const clientId = `second-${name}`;
    const { clientSecret } = await bed.call('createClient', { clientId, confidential: true, roles }, bed.as.operator);
    expect(await ask(next, basic(clientId, clientSecret))).toMatchObject(refused);
    // The caller's own, for another list.
    const [other] = LISTS.filter((each) => each[0] !== name && each[0] !== 'listTenants');
    if (other !== undefined && name !== 'listTenants') {
      const request = { ...other[3], pageToken: next };
      expect(await failureOf(pageOf(other[0], other[1], other[2], request))).toMatchObject(refused);
    }
    // It is still good for whom it was made, and for other sizes.
    const again = await pageOf(name, items, id, { ...query, pageToken: next, pageSize: 1 });
    expect(ids).not.toContain(again.ids[0]);
  });

  it('hold a thousand at most', async () => {
    const failure = await failureOf(pageOf(name, items, id, { ...query, pageSize: 1_001 }));
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', message: 'page_size must be from 0 to 1000' });
  });
});

describe('pages', () => {
  it('of tokens are for whose tokens they began with', async () => {
    const { next } = await pageOf('listTokens', 'families', 'familyId', { ...OF_ANN, pageSize: 2 });
    const { users } = await bed.call('listUsers', {});
    const other = users.find(({ userId }) => userId !== 'user-ann')?.userId ?? '';
    const request = { subject: { $case: 'userId', value: other }, pageToken: next };
    expect(await failureOf(pageOf('listTokens', 'families', 'familyId', request))).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
  });

  it('go on where they were when things come and go', async () => {
    const { next, ids } = await pageOf('listUsers', 'users', 'userId', { pageSize: 3 });
    const last = { user: { user: { $case: 'userId' as const, value: String(ids[2]) } } };
    if (ids[2] !== 'user-ann') {
      await bed.call('deleteUser', last);
    }
    const rest = await pageOf('listUsers', 'users', 'userId', { pageToken: next });
    expect(rest.ids).toHaveLength(5);
  });

  it('hold fewer where their entries are large', async () => {
    const attributes = { numbers: Array.from({ length: 4_000 }, () => 1) };
    for (let i = 0; i < 100; i++) {
      await bed.call('registerUser', { withToken: {}, attributes });
    }
    const seen: unknown[] = [];
    let [pageToken, pages] = ['', 0];
    do {
      const page = await pageOf('listUsers', 'users', 'userId', { pageSize: 1_000, pageToken });
      seen.push(...page.ids);
      pageToken = page.next;
      pages += 1;
    } while (pageToken !== '');
    expect(new Set(seen).size).toBeGreaterThanOrEqual(107);
    expect(seen.length).toBe(new Set(seen).size);
    expect(pages).toBeGreaterThan(1);
  });
});
