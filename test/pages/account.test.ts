/** My account, as its owner uses it. */
import { describe, expect, it } from 'vitest';
import { authenticateTokenHolder } from '../../src/core/operations/authenticate.ts';
import { PASSWORD, TENANT } from '../http/pages/bed.ts';
import { makeUser } from '../support.ts';
import { askUrl, type RealBed, signInAs } from './bed.ts';
import type { Visit } from './chromium.ts';
import { HANAKO, signInElsewhere } from './household.ts';
import { describeInChromium, expectCalm } from './stage.ts';
import { PLAIN, type Variant } from './variants.ts';

const TOUCH: Variant = { language: 'de', size: 'phone', scheme: 'light', script: false };
const ACCOUNT = `/t/${TENANT}/account`;
const step = (name: string) => `form:has(input[name=step][value=${name}]) button[type=submit]`;

async function open(visit: Visit, bed: RealBed, section: string, username = HANAKO): Promise<void> {
  await signInAs(bed, visit, username);
  await visit.open(bed.origin + ACCOUNT + section);
}

const count = (visit: Visit, selector: string) => visit.page.locator(selector).count();
const isDone = (visit: Visit) => count(visit, '[role=status]');

describeInChromium('the owner of an account', (stage) => {
  describe.each([
    { how: 'with scripts', variant: PLAIN },
    { how: 'without, on a phone', variant: TOUCH },
  ])('$how', ({ variant }) => {
    it('signs in, and comes to what was wanted', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      await visit.open(`${bed.origin}${ACCOUNT}/devices`);
      await visit.send({ username: HANAKO, password: PASSWORD });
      expect(new URL(visit.page.url()).pathname).toBe(`${ACCOUNT}/devices`);
      await expectCalm(bed, visit);
    });

    it('finds every section from the first page, and the way back', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      await open(visit, bed, '');
      const paths = await visit.page
        .locator('main a')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
      expect(paths.length).toBeGreaterThanOrEqual(3);
      for (const path of paths) {
        await visit.open(bed.origin + path);
        expect(new URL(visit.page.url()).pathname).toBe(path);
        expect(visit.statuses.at(-1)).toBe(200);
        expect(await count(visit, `a[href="${ACCOUNT}"]:visible`)).toBeGreaterThan(0);
        await expectCalm(bed, visit);
      }
    });

    it('thinks better of it, then withdraws an application, which asks again', async () => {
      const { bed } = stage;
      const username = `withdrawer-${variant.script}`;
      await makeUser(bed.services, TENANT, { subjectId: username, loginName: username, password: PASSWORD });
      await using visit = await stage.visit(variant);
      await signInAs(bed, visit, username);
      await visit.open(askUrl(bed, { client_id: 'shop' }));
      await visit.press('button[value=allow]');
      await visit.open(`${bed.origin}${ACCOUNT}/applications`);
      const withdraw = 'main a[href*="withdraw="]';
      await visit.press(withdraw);
      await visit.press('main .choice a');
      expect(await count(visit, withdraw)).toBe(1);
      await visit.press(withdraw);
      await visit.press(step('withdraw'));
      expect([await count(visit, withdraw), await isDone(visit)]).toEqual([0, 1]);
      await expectCalm(bed, visit);
      await visit.open(askUrl(bed, { client_id: 'shop' }));
      expect(await count(visit, 'button[value=allow]')).toBe(1);
    });

    it('generates a token that is shown once, and works until it is revoked', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      await open(visit, bed, '/devices');
      await visit.press('main a[href*="generate="]');
      await visit.page.fill('[name=password]', PASSWORD);
      await visit.press(step('generate'));
      const token = await visit.page.locator('main textarea').inputValue();
      const isLive = async () => (await authenticateTokenHolder(bed.services, TENANT, token)) !== undefined;
      expect(await isLive()).toBe(true);
      expect(visit.page.url()).not.toContain(token);
      await expectCalm(bed, visit);
      await visit.open(`${bed.origin}${ACCOUNT}/devices`);
      expect(await visit.page.content()).not.toContain(token);
      // Of several devices with a token, until this one is over.
      for (let left = await count(visit, 'main a[href*="revoke="]'); left > 0; left -= 1) {
        await visit.press('main a[href*="revoke="]');
        await visit.press(step('revoke'));
        expect([await count(visit, 'main a[href*="revoke="]'), await isDone(visit)]).toEqual([left - 1, 1]);
      }
      expect(await isLive()).toBe(false);
    });

    it('signs out elsewhere, and stays here', async () => {
      const { bed } = stage;
      await signInElsewhere(bed);
      await using visit = await stage.visit(variant);
      await open(visit, bed, '/places');
      expect(await count(visit, step('sign_out_there'))).toBeGreaterThan(1);
      await visit.press(step('sign_out_others'));
      expect([await count(visit, step('sign_out_there')), await isDone(visit)]).toEqual([1, 1]);
      await expectCalm(bed, visit);
    });

    it('signs out everywhere', async () => {
      const { bed } = stage;
      await using here = await stage.visit(variant);
      await using there = await stage.visit(variant);
      await open(here, bed, '/places');
      await open(there, bed, '/places');
      await here.press(step('sign_out_everywhere'));
      await expectCalm(bed, here);
      for (const visit of [here, there]) {
        await visit.open(bed.origin + ACCOUNT);
        expect(await count(visit, 'input[name=password]')).toBe(1);
      }
    });
  });

  it('revokes in one tab what the other one shows', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await open(visit, bed, '/places');
    const first = visit.page;
    await signInElsewhere(bed);
    await visit.page.reload();
    const before = await count(visit, step('sign_out_there'));
    await visit.newTab();
    await visit.open(`${bed.origin}${ACCOUNT}/places`);
    await visit.press(step('sign_out_others'));
    visit.page = first;
    expect(before).toBeGreaterThan(1);
    await visit.page.locator(step('sign_out_there')).last().click();
    await visit.page.waitForURL(/done=/);
    await expectCalm(bed, visit);
  });

  it('leaves a page open overnight', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await signInElsewhere(bed);
    await open(visit, bed, '/places');
    bed.clock.advance(12 * 60 * 60_000);
    await visit.press(step('sign_out_others'));
    expect(visit.statuses.at(-1)).toBe(400);
    await expectCalm(bed, visit);
  });
});
