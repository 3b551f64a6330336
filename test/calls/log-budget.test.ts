import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mayLogStranger, type StrangersCall } from '../../src/calls/log-budget.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const LOGIN: StrangersCall = {
  method: 'Issue',
  code: 'invalid_credentials',
  tenantId: 'acme',
  facts: { credential: 'user_password' },
};
const OTHER: StrangersCall = { method: 'unmatched', code: 'route_not_found', tenantId: undefined, facts: {} };

function logInMemory() {
  const lines: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const written = (call: StrangersCall, nowMs: number, count: number) =>
    Array.from({ length: count }, () => mayLogStranger(log, call, nowMs)).filter(Boolean).length;
  return { lines, written };
}

const told = (leftOut: Record<string, number>) => ({
  level: 30,
  leftOut,
  msg: 'lines about strangers were left out',
});

it('a second has 50 lines about strangers, and the next tells what was left out of it', () => {
  const { lines, written } = logInMemory();
  expect(written(LOGIN, 10_000, 40)).toBe(40);
  expect(written(OTHER, 10_900, 1_000)).toBe(10);
  expect(written(LOGIN, 10_999, 5)).toBe(0);
  expect(lines).toEqual([]);
  expect(written(LOGIN, 11_000, 60)).toBe(50);
  expect(lines).toEqual([told({ 'unmatched route_not_found': 990, 'Issue invalid_credentials acme': 5 })]);
});

it('failed logins have half of them for themselves', () => {
  const { written } = logInMemory();
  expect(written(OTHER, 10_000, 1_000)).toBe(25);
  expect(written(LOGIN, 10_000, 1_000)).toBe(25);
});

it('tells what was left out also when nobody comes any more', () => {
  const { lines, written } = logInMemory();
  written(LOGIN, 10_000, 51);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(lines).toEqual([told({ 'Issue invalid_credentials acme': 1 })]);
  vi.advanceTimersByTime(10_000);
  expect(lines.length).toBe(1);
});

it('a line tells of 100 kinds, and of the rest together', () => {
  const { lines, written } = logInMemory();
  written(LOGIN, 10_000, 50);
  for (let tenant = 0; tenant < 150; tenant++) {
    written({ ...LOGIN, tenantId: `t${tenant}` }, 10_000, 2);
  }
  vi.advanceTimersByTime(1_000);
  const { leftOut } = lines[0] as ReturnType<typeof told>;
  expect(Object.keys(leftOut).length).toBe(101);
  expect(leftOut.others).toBe(100);
});

it('each log has lines of its own', () => {
  const [one, other] = [pino({ level: 'silent' }), pino({ level: 'silent' })];
  for (let line = 0; line < 60; line++) {
    mayLogStranger(one, LOGIN, 0);
  }
  expect(mayLogStranger(other, LOGIN, 0)).toBe(true);
});
