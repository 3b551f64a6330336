/** What the page of consent says, and that a device's page says the same. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginDeviceAuthorization } from '../../../src/core/operations/device-authorization.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import type { Client } from '../../../src/core/tables/clients.ts';
import { bareFrame, withClient } from '../../../src/http/pages/frame.ts';
import { callerOf, make } from '../../support.ts';
import {
  authorizeUrl,
  makeAppClient,
  NATIVE,
  openPagesBed,
  type PagesBed,
  SCRIPT,
  signedInAt,
  TENANT,
  WEB,
} from './bed.ts';
import { type Shown, unescaped } from './browser.ts';

let bed: PagesBed;
const API = 'https://api.example/v1';

beforeAll(async () => {
  bed = await openPagesBed();
  const server = { displayName: 'Photo service', scopes: [], clientIds: [] };
  await make(bed.store, { kind: 'create_resource_server', tenantId: TENANT, resourceServerId: API, ...server });
});
afterAll(() => bed.close());

/** A client that nobody has allowed yet. */
async function newClient(clientId: string, options: Parameters<typeof makeAppClient>[3] = {}, redirectUri = WEB) {
  const registration = { grants: ['authorization_code'], redirectUris: [redirectUri] } as const;
  await makeAppClient(bed, clientId, registration, options);
}

/** The text of the page, without markup. */
const textOf = ({ text }: Shown) =>
  unescaped((/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? '').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
const sections = (page: Shown) => textOf(page).split(/New:|You allowed already:/);

describe('consent', () => {
  it('lists each permission by a title and a sentence, and says where it can be taken back', async () => {
    await newClient('plain');
    const page = await signedInAt(bed.newBrowser(), authorizeUrl({ client_id: 'plain', scope: 'read profile.read' }));
    expect(textOf(page)).toContain('See your data Read all your data, and that of your devices. See your profile');
    expect(textOf(page)).toContain('You can take it back at any time.');
    expect(page.text).toContain(`href="/t/${TENANT}/account/applications"`);
    expect(page.text).not.toMatch(/New:|You allowed already:/);
  });

  it('shows what is new apart from what was allowed before', async () => {
    await newClient('growing');
    const browser = bed.newBrowser();
    const ask = (scope: string) => authorizeUrl({ client_id: 'growing', scope });
    await browser.submit(await signedInAt(browser, ask('read')), { decision: 'allow' });
    const more = await browser.get(ask('read write'));
    const [head = '', added = '', before = ''] = sections(more);
    expect(head).toContain('The growing app asks for more than before.');
    expect(added).toContain('Change your data');
    expect(added).not.toContain('See your data');
    expect(before).toContain('See your data');
    expect(before).not.toContain('Change your data');
    // Another user allowed nothing.
    expect(textOf(await signedInAt(bed.newBrowser(), ask('read write'), 'bob'))).not.toContain('allowed already');
    // Nor did this one, once it was taken back.
    const consentId = consentIdOf(TENANT, `ann-${TENANT}`, 'growing');
    await make(bed.store, { kind: 'withdraw_consent', tenantId: TENANT, consentId });
    expect(textOf(await browser.get(ask('read write')))).not.toContain('allowed already');
  });

  it('that has to be given each time says what was allowed before', async () => {
    const browser = bed.newBrowser();
    const url = authorizeUrl({ client_id: 'native', redirect_uri: NATIVE });
    await browser.submit(await signedInAt(browser, url), { decision: 'allow' });
    const again = await browser.get(url);
    expect(textOf(again)).toContain('asks again for what you allowed before. See your data');
    expect(textOf(again)).toContain('the app on this device that opens com.example.app: links');
  });

  it('for one service alone names it, and what was allowed there says nothing of others', async () => {
    await newClient('aimed');
    const browser = bed.newBrowser();
    const at = (resource: string, scope: string) => authorizeUrl({ client_id: 'aimed', scope, resource });
    const page = await signedInAt(browser, at(API, 'read'));
    expect(textOf(page)).toContain(`This is only for Photo service. ${API}`);
    await browser.submit(page, { decision: 'allow' });
    expect(sections(await browser.get(at(API, 'read write')))).toHaveLength(3);
    expect(sections(await browser.get(at('', 'read write')))).toHaveLength(1);
  });

  it('shows scopes that nobody has words for as they are', async () => {
    await newClient('own', { scopes: ['read', 'com.example:<b>', 'constructor'] });
    const page = await signedInAt(bed.newBrowser(), authorizeUrl({ client_id: 'own', scope: '' }));
    expect(page.text).toContain('<code>com.example:&lt;b&gt;</code> <code>constructor</code>');
    expect(textOf(page)).toContain('Nobody has described these here.');
  });

  it('shows all of forty permissions, and a name without an end', async () => {
    const scopes = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? `read:type-${i}` : `own.${i}`));
    await newClient('greedy', { scopes, displayName: `写真${'W'.repeat(100)}` });
    const page = await signedInAt(bed.newBrowser(), authorizeUrl({ client_id: 'greedy', scope: '' }));
    for (const scope of scopes) {
      expect(page.text).toContain(scope.replace('read:', ''));
    }
    expect(page.text).toContain('<span class="avatar large" aria-hidden="true">写</span>');
    expect(page.text).toContain('<h1 class="long">');
  });

  it('shows the host beside a name that says it is another', async () => {
    await newClient('bank', { displayName: 'https://bank.example' });
    const page = await signedInAt(bed.newBrowser(), authorizeUrl({ client_id: 'bank' }));
    expect(textOf(page)).toContain('What you decide is sent to app.example.');
  });

  it('shows logos of the client and of no other place', async () => {
    const registration = { grants: ['authorization_code'], redirectUris: [WEB], accentColor: '#ffd400' } as const;
    await makeAppClient(bed, 'pretty', { ...registration, logoUri: 'https://cdn.example/logo.png' });
    const browser = bed.newBrowser();
    const pretty = await signedInAt(browser, authorizeUrl({ client_id: 'pretty' }));
    expect(pretty.text).toContain('src="https://cdn.example/logo.png" alt=""');
    expect(pretty.text).toContain('href="/pages/accent/ffd400.css"');
    expect(pretty.headers['content-security-policy']).toContain('img-src https://cdn.example;');
    const plain = await browser.get(authorizeUrl());
    expect(plain.text).not.toContain('<img');
    expect(plain.headers['content-security-policy']).not.toContain('img-src');
  });

  it('shows no logo that a page by TLS could not', () => {
    const frame = bareFrame({ url: '/', headers: {} });
    const client = { clientId: 'c', displayName: 'C', accentColor: '' } as Client;
    const shown = (logoUri: string) => withClient(frame, { ...client, logoUri }).client?.logoUri;
    expect(shown('https://cdn.example/l.png')).toBe('https://cdn.example/l.png');
    expect(['http://cdn.example/l.png', 'data:image/png,x', 'javascript:x', ''].map(shown)).toEqual(['', '', '', '']);
  });

  it('shows no name as markup, be it of a client, a tenant or a user', async () => {
    const resourceServerId = 'https://evil.example/';
    const server = { displayName: SCRIPT, scopes: [], clientIds: [] };
    await make(bed.store, { kind: 'create_resource_server', tenantId: TENANT, resourceServerId, ...server });
    const page = await signedInAt(bed.newBrowser(), authorizeUrl({ client_id: 'evil', resource: resourceServerId }));
    expect(textOf(page)).toContain(`This is only for ${SCRIPT}`);
    expect(page.text).not.toMatch(/<img|<script(?! src=)/);
  });
});

it('a device’s page says who, what, for whom, and warns (RFC 8628 section 5.4)', async () => {
  const caller = await callerOf(bed.services, 'tv');
  const { userCode } = await beginDeviceAuthorization(bed.services, { caller }, { scopes: ['read'], resource: API });
  const browser = bed.newBrowser();
  const page = await browser.submit(await signedInAt(browser, `/t/${TENANT}/device`), { user_code: userCode });
  const words = [
    userCode,
    'somebody sent you the code',
    'See your data',
    'This is only for Photo service.',
    'take it back',
  ];
  expect(words.filter((each) => !textOf(page).includes(each))).toEqual([]);
});
