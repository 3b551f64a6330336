import { pino } from 'pino';
import { expect, it } from 'vitest';
import { mayLogStranger } from '../../src/calls/log-budget.ts';

it('a second has 50 lines about strangers, and the next tells what was left out', () => {
  const lines: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const written = (kind: string, nowMs: number, count: number) =>
    Array.from({ length: count }, () => mayLogStranger(log, kind, nowMs)).filter(Boolean).length;
  expect(written('Issue invalid_credentials', 10_000, 40)).toBe(40);
  expect(written('Introspect caller_unauthenticated', 10_900, 1_000)).toBe(10);
  expect(written('Issue invalid_credentials', 10_999, 5)).toBe(0);
  expect(lines).toEqual([]);
  expect(written('Issue invalid_credentials', 11_000, 60)).toBe(50);
  expect(lines).toEqual([
    {
      level: 30,
      leftOut: { 'Introspect caller_unauthenticated': 990, 'Issue invalid_credentials': 5 },
      msg: 'lines about strangers were left out',
    },
  ]);
});

it('each log has lines of its own', () => {
  const [one, other] = [pino({ level: 'silent' }), pino({ level: 'silent' })];
  for (let line = 0; line < 60; line++) {
    mayLogStranger(one, 'x', 0);
  }
  expect(mayLogStranger(other, 'x', 0)).toBe(true);
});
