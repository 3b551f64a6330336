import { afterEach, describe, expect, it, vi } from 'vitest';
import { grpcTimeoutMs, newDeadline, within } from '../../src/calls/deadline.ts';

describe('a deadline', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends the waiting with deadline_exceeded', async () => {
    vi.useFakeTimers();
    const deadline = newDeadline();
    const outcome = within(deadline, new Promise(() => undefined)).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(21);
    expect(await outcome).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('leaves no timer behind when all is done before it', async () => {
    vi.useFakeTimers();
    const deadline = newDeadline();
    expect(await within(deadline, Promise.resolve(7))).toBe(7);
    await expect(within(deadline, Promise.reject(new Error('no')))).rejects.toThrow('no');
    await vi.advanceTimersByTimeAsync(20);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a timeout of gRPC', () => {
  it.each([
    ['2H', 7_200_000],
    ['3M', 180_000],
    ['4S', 4_000],
    ['500m', 500],
    ['7u', 0.007],
    ['99999999n', 99.999999],
    ['0S', 0],
  ])('%s is %d ms', (timeout, ms) => {
    expect(grpcTimeoutMs(timeout)).toBeCloseTo(ms, 9);
  });

  it.each(['', '5', 'S', '-1S', '1.5S', '123456789m', '5s', ' 5S'])('%j is refused', (timeout) => {
    expect(() => grpcTimeoutMs(timeout)).toThrow('grpc-timeout must be 1 to 8 digits and a unit');
  });
});
