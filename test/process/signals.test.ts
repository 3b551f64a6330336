/** No signal that can be caught ends a server without a drain, and standard output without a reader ends nothing. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, runShell, startProgram, startShell } from './program.ts';
import { getHealth, postLogin } from './rest-client.ts';
import { CHEAP_PASSWORDS, dataDirectory, FREE_PORTS, readDemo, ServerProcess } from './server-process.ts';

const CLEAN = { code: 0, signal: null };
/** What can't be caught, stops, tells of a broken program, or ends it by a drain. */
const OTHERS = [
  ...['SIGKILL', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGXCPU', 'SIGPWR'],
  ...['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGIOT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGSYS'],
];
const HARMLESS = (Object.keys(constants.signals) as NodeJS.Signals[]).filter((signal) => !OTHERS.includes(signal));

describe('a signal', () => {
  it('that means nothing leaves the server alone, and opens no debugger', async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.start({ dataDir: directory.path, args: ['--log-level', 'info'] });
    for (const signal of HARMLESS) {
      server.running.child.kill(signal);
    }
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGPROF']) {
      await eventually(`a line about ${signal}`, () => server.running.stderr.includes(signal));
    }
    expect((await getHealth(server.httpAddress)).status).toBe(200);
    expect(server.running.stderr).not.toContain('Debugger');
    expect(await server.running.end('SIGTERM')).toEqual(CLEAN);
  });

  it.each(['SIGQUIT', 'SIGXCPU'] as const)('that ends programs drains: %s', async (signal) => {
    using directory = dataDirectory();
    await using server = await ServerProcess.start({ dataDir: directory.path, args: ['--log-level', 'info'] });
    expect(await server.running.end(signal)).toEqual(CLEAN);
    expect(server.running.stderr).toContain('"stopped"');
  });

  it('ends a server that is starting, which starts the next time', async () => {
    using directory = dataDirectory();
    const args = ['serve', '--demo', '--data-dir', directory.path, ...FREE_PORTS, ...CHEAP_PASSWORDS];
    for (let pause = 100; pause < 1_000; pause += 150) {
      const running = startProgram(args);
      await new Promise((resolve) => setTimeout(resolve, pause));
      const { code, signal } = await running.end('SIGTERM');
      // Before it listens to signals it ends as any program does.
      expect([0, null]).toContain(code);
      expect(signal === null || signal === 'SIGTERM').toBe(true);
    }
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    const { demo } = server;
    expect((await postLogin(demo, demo.user.login_name, demo.user.password)).status).toBe(200);
  });
});

describe('standard output and standard error', () => {
  it.each([
    ['that nobody reads any more', '2>&1 | head -n 1'],
    ['that somebody holds and does not read', '2>&1 | sleep 60'],
    ['that are closed', '>&- 2>&-'],
  ])('%s cost the server nothing', async (_, redirection) => {
    using directory = dataDirectory();
    const args = [
      'serve',
      '--demo',
      '--data-dir',
      directory.path,
      '--log-level',
      'trace',
      ...FREE_PORTS,
      ...CHEAP_PASSWORDS,
    ];
    const running = startShell(`"${process.execPath}" bin/symbolon.js ${args.join(' ')} ${redirection}`);
    const demo = await eventually('the addresses of the demo', () => {
      try {
        const record = readDemo(directory.path);
        return record.http === '' ? undefined : record;
      } catch {
        return undefined;
      }
    });
    const pid = Number(readFileSync(join(directory.path, 'server.pid'), 'utf8'));
    try {
      await eventually('an answer', () => getHealth(demo.http).catch(() => undefined));
      // More lines than a pipe holds.
      for (let i = 0; i < 500; i++) {
        await fetch(`http://${demo.http}/nothing`);
      }
      expect((await postLogin(demo, demo.user.login_name, demo.user.password)).status).toBe(200);
      process.kill(pid, 'SIGTERM');
      await eventually('the end', () => !isAlive(pid));
    } finally {
      if (isAlive(pid)) {
        process.kill(pid, 'SIGKILL');
      }
      running.child.kill('SIGKILL');
    }
  });
});

describe('the operator’s commands', () => {
  it.each([
    ['| true', '0'],
    ['>/dev/full', '[1-9]'],
  ])('with their output %s end with code %s, and without a trace of the program', async (redirection, code) => {
    using directory = dataDirectory();
    const line = `"${process.execPath}" bin/symbolon.js init --data-dir ${directory.path}`;
    const { stderr } = await runShell(`{ ${line}; echo "code $?" >&2; } ${redirection}`);
    expect(stderr).toMatch(new RegExp(`^(error: [^\\n]+\\n)?code ${code}\\n$`));
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
