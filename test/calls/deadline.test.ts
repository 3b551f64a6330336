import { afterEach, describe, expect, it, vi } from 'vitest';
import { newDeadline, within } from '../../src/calls/deadline.ts';

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
