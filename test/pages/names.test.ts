/** Names that are programs, or turn the text around them: of tenants, clients, users, devices and scopes, and in what is typed. */
import { expect, it } from 'vitest';
import { makeAppClient, PASSWORD } from '../http/pages/bed.ts';
import { make, makeTenant, makeUser } from '../support.ts';
import { askUrl, beginDevice, type RealBed, signInAs } from './bed.ts';
import type { Visit } from './chromium.ts';
import { describeInChromium, expectCalm } from './stage.ts';
import { PLAIN, type Variant } from './variants.ts';

const NAMES = [
  '<script>alert(1)</script>',
  `"><img src=x onerror=alert(2)>`,
  `'"><svg/onload=alert(3)>`,
  'javascript:alert(4)',
  '</title></main><iframe srcdoc="<script>alert(5)</script>">',
  '&lt;script&gt;alert(6)&lt;/script&gt; &amp;quot;',
  '{{7*7}} #{7*7} <%= 7*7 %>',
  '\u202eelgooG\u202c, \u2066by us\u2069',
  'x'.repeat(120),
] as const;

const PHONE: Variant = { ...PLAIN, size: 'phone', script: false };

/** No element that we did not write, no dialog, and the text as it is, without what turns it around. */
async function expectHarmless(bed: RealBed, visit: Visit, name: string): Promise<void> {
  await expectCalm(bed, visit);
  const strange =
    'iframe, object, embed, svg[onload], img[onerror], script:not([src^="/pages/"]), [onclick], base, meta[http-equiv]';
  expect(await visit.page.locator(strange).count()).toBe(0);
  const text = await visit.page.evaluate('document.documentElement.textContent');
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  const shown = name
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  expect(String(text).replaceAll(/\s+/g, ' ')).toContain(shown);
  const width = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
  expect(await visit.page.evaluate(width)).toBe(true);
}

function refuseDialogs(visit: Visit): void {
  visit.page.on('dialog', (dialog) => {
    visit.complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}

describeInChromium('a name that is a program', (stage) => {
  it.each(NAMES.map((name, index) => ({ name, index })))('of a client: $name', async ({ name, index }) => {
    const { bed } = stage;
    const client_id = `hostile-${index}`;
    const registration = {
      grants: ['authorization_code', 'device_code'],
      redirectUris: ['http://127.0.0.1/back'],
    } as const;
    await makeAppClient(bed, client_id, registration, { confidential: false, displayName: name, scopes: ['read'] });
    for (const variant of [PLAIN, PHONE]) {
      await using visit = await stage.visit(variant);
      refuseDialogs(visit);
      await visit.open(askUrl(bed, { client_id }));
      await expectHarmless(bed, visit, name);
      await visit.send({ username: 'ann', password: PASSWORD });
      await expectHarmless(bed, visit, name);
      await visit.open(`${bed.origin}/t/acme/device`);
      await visit.send({ user_code: (await beginDevice(bed, ['read'], client_id)).userCode });
      await expectHarmless(bed, visit, name);
    }
  });

  it.each(NAMES.map((name, index) => ({ name, index })))('of a tenant and a user: $name', async ({ name, index }) => {
    const { bed } = stage;
    const tenantId = `hostile-t${index}`;
    await makeTenant(bed.store, tenantId);
    await make(bed.store, { kind: 'update_tenant', tenantId, displayName: name });
    await makeUser(bed.services, tenantId, { subjectId: `eve-${index}`, loginName: 'eve', password: PASSWORD });
    const of = { tenantId, subjectKind: 'user', subjectId: `eve-${index}` } as const;
    await make(bed.store, { kind: 'update_subject', ...of, set: { displayName: name } });
    await using visit = await stage.visit(PHONE);
    refuseDialogs(visit);
    await visit.open(`${bed.origin}/t/${tenantId}/device`);
    await expectHarmless(bed, visit, name);
    await visit.send({ username: 'eve', password: PASSWORD });
    await expectHarmless(bed, visit, name);
    for (const path of ['sign-out', 'account']) {
      await visit.open(`${bed.origin}/t/${tenantId}/${path}`);
      await expectHarmless(bed, visit, name);
    }
  });

  it.each(NAMES.slice(0, -1))('that is typed: %s', async (name) => {
    const { bed } = stage;
    await using visit = await stage.visit();
    refuseDialogs(visit);
    await visit.open(askUrl(bed, { prompt: 'login', login_hint: name, state: name }));
    await expectCalm(bed, visit);
    await visit.send({ username: name, password: name });
    await expectCalm(bed, visit);
    expect(await visit.page.locator('[name=username]').inputValue()).toBe(name);
    await signInAs(bed, visit);
    await visit.open(`${bed.origin}/t/acme/device?user_code=${encodeURIComponent(name)}`);
    await visit.send({ user_code: name });
    await expectCalm(bed, visit);
    for (const path of ['device?done=', 'sign-out?done=', 'account?done=']) {
      await visit.open(`${bed.origin}/t/acme/${path}${encodeURIComponent(name)}`);
      await expectCalm(bed, visit);
    }
    for (const key of ['client_id', 'redirect_uri', 'scope', 'response_type', 'prompt', 'ui_locales']) {
      const before = bed.arrived.length;
      await visit.open(askUrl(bed, { [key]: name }));
      // An app is told of its mistake at its own address alone.
      await (bed.arrived.length > before ? expect(visit.page.url()).toContain(bed.back) : expectCalm(bed, visit));
    }
  });
});
