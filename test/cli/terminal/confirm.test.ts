/** What is asked before many logins end, where nobody can answer: as in a script. */
import { expect, it } from 'vitest';
import { questionOf } from '../../../src/cli/ending.ts';
import { confirm } from '../../../src/cli/terminal/confirm.ts';

async function asked(logins: number, more = false, yes = false): Promise<void> {
  const question = questionOf('tenant demo', { logins, more });
  if (question !== undefined) {
    await confirm({ yes }, question, 'demo');
  }
}

it.each([
  [6, false, 'this ends 6 logins of tenant demo, and nobody can be asked here. Say --yes if it is meant'],
  [10_000, true, 'this ends at least 10,000 logins of tenant demo, and nobody can be asked here'],
])('refuses to end %i logins (more: %s)', async (logins, more, message) => {
  await expect(asked(logins, more)).rejects.toThrow(message);
});

it('asks about what can’t be counted', () => {
  expect(questionOf('tenant demo', undefined)).toContain('how many can’t be told now');
});

it('asks nothing before few, and nothing who said --yes', async () => {
  await asked(5);
  await asked(0);
  await asked(10_000, true, true);
});
