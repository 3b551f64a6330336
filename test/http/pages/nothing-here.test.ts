/** Paths that nothing is served at: a person gets a page, a program what it always gets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPagesBed, type PagesBed, SCRIPT, TENANT } from './bed.ts';

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed();
});
afterAll(() => bed.close());

/** As browsers send it. */
const PERSON = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'accept-language': 'de' };
const AT = [`/t/${TENANT}/nothing`, `/t/${TENANT}/account/nothing`, '/account/nothing/more', '/nothing', '/t/nobody'];

describe('a path of nothing', () => {
  it.each([...AT, `/t/${TENANT}/${encodeURIComponent(SCRIPT)}`])('is a page for a person: %s', async (path) => {
    const page = await bed.newBrowser().get(`${path}${path === '/t/nobody' ? '/nothing' : ''}`, PERSON);
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html;charset=UTF-8']);
    expect(page.text).toContain('<h1>Hier gibt es nichts</h1>');
    expect(page.text).not.toContain('alert(1)</script>');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('leads to My account of the tenant', async () => {
    const page = await bed.newBrowser().get(`/t/${TENANT}/nothing`, PERSON);
    expect(page.text).toContain(`<a class="button" href="/t/${TENANT}/account">Mein Konto</a>`);
  });

  it.each(AT.slice(0, 4))('is JSON for a program: %s', async (path) => {
    for (const accept of ['*/*', 'application/json', '']) {
      const answer = await bed.newBrowser().get(path, accept === '' ? {} : { accept });
      expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/json;charset=UTF-8']);
      expect(JSON.parse(answer.text)).toHaveProperty('error');
    }
  });

  it.each(['/api/apps/x/nothing', '/thing-if/apps/x/nothing', '/v1.1/nothing'])(
    'of programs alone stays theirs: %s',
    async (path) => {
      const answer = await bed.newBrowser().get(path, PERSON);
      expect([answer.status, answer.headers['content-type']]).not.toContain('text/html;charset=UTF-8');
    },
  );

  it('that is no URL is a page, too', async () => {
    const page = await bed.newBrowser().get(`/t/${TENANT}/%zz`, PERSON);
    expect([page.status, page.headers['content-type']]).toEqual([400, 'text/html;charset=UTF-8']);
  });
});

it.each(['PUT', 'DELETE', 'PROPFIND'])('a page refuses %s with a page', async (method) => {
  const answer = await fetch(`http://${bed.http.address}/t/${TENANT}/device`, { method, headers: PERSON });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
  expect(await answer.text()).toContain('<h1>Das geht nicht</h1>');
});
