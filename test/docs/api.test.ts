/** docs/api.md names every method and every reason of the contract: who adds one is told here when it is missing there. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { contractFiles } from '../contract/descriptors.ts';
import { ROOT } from '../process/program.ts';

const PAGE = readFileSync(`${ROOT}docs/api.md`, 'utf8');
const FILES = contractFiles().filter((file) => file.package === 'symbolon.v1');

it('has every service and method', () => {
  const services = FILES.flatMap((file) => file.service);
  const names = services.flatMap(({ name, method }) => [
    `**\`${name}\`**`,
    ...method.map((each) => `\`${each.name}\``),
  ]);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => !PAGE.includes(name))).toEqual([]);
});

it('has every reason', () => {
  const reasons = FILES.flatMap((file) => file.enumType).find(({ name }) => name === 'ErrorReason')?.value ?? [];
  const names = reasons.filter(({ number }) => number > 0).map(({ name }) => name.replace('ERROR_REASON_', ''));
  expect(names.length).toBeGreaterThan(20);
  const table = PAGE.slice(PAGE.indexOf('## Errors'));
  expect(names.filter((name) => !new RegExp(`\\| [^|]*\\b${name}\\b`).test(table))).toEqual([]);
});
