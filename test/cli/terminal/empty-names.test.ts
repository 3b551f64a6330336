/** A script whose variable is not set gives an empty name, and over the contract that is the caller's own tenant, or any. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProgram } from '../../../src/cli/program.ts';
import { commandsOf, isGroup, pathOf } from '../../../src/cli/terminal/tree.ts';
import { dataDirectory } from '../../process/server-process.ts';
import { runCommand } from '../in-process.ts';

const directory = dataDirectory();

beforeAll(() => runCommand(['init', '--data-dir', directory.path]));
afterAll(() => directory[Symbol.dispose]());

/** Every command that calls, with its first argument. */
const CALLING = [...commandsOf(makeProgram('0.0.0'))].filter(
  (command) =>
    !isGroup(command) &&
    command.options.some(({ long }) => long === '--server') &&
    pathOf(command).split(' ')[1] !== 'context',
);

it.each(
  CALLING.filter(({ registeredArguments }) => registeredArguments.length > 0).map((command) => [
    pathOf(command).split(' ').slice(1),
    command.registeredArguments.map((each) => each.name()),
    command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? '', 'one']),
  ]),
)('%j needs the name of what it acts on', async (words, names, needed) => {
  const args = [...words, ...names.map(() => ''), ...needed, '--data-dir', directory.path];
  const { stdout, failure } = await runCommand(args);
  expect(failure).toMatch(/^USAGE: .*(is empty|It must be)/);
  expect(failure).toContain(names[0] ?? '');
  expect(stdout).toBe('');
});

it.each(
  CALLING.filter(({ options }) => options.some(({ long }) => long === '--tenant')).map((command) => [
    pathOf(command).split(' ').slice(1),
    command.registeredArguments.map(() => 'name'),
    command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? '', 'one']),
  ]),
)('%j takes no empty --tenant', async (words, names, needed) => {
  const args = [...words, ...names, ...needed, '--tenant', '', '--data-dir', directory.path];
  expect((await runCommand(args)).failure).toBe(
    'USAGE: --tenant is empty. Name one; a variable of a script may not be set',
  );
});

it.each([
  [['token', 'list', '--tenant', 'acme', '--user', ''], '--user'],
  [['token', 'list', '--tenant', 'acme', '--client', ''], '--client'],
  [['audit', 'list', '--tenant', 'acme', '--actor', ''], '--actor'],
  [['audit', 'list', '--tenant', 'acme', '--target', ''], '--target'],
  [['device', 'attach', 'lamp', '--tenant', 'acme', '--gateway', ''], '--gateway'],
  [['device', 'create', '--tenant', 'acme', '--vendor-id', 'x', '--owner', ''], '--owner'],
])('%j names nobody', async (args, flag) => {
  const { failure } = await runCommand([...args, '--data-dir', directory.path]);
  expect(failure).toBe(`USAGE: ${flag} is empty. Name one; a variable of a script may not be set`);
});
