import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../bench/saturation.ts';

const verdict = (busy: number, thread: number, waiting: number) => verdictOf({ server: { busy, thread, waiting } });

describe('the verdict on a measurement', () => {
  it('is nothing where the server used its core', () => {
    expect(verdict(0.98, 0.9, 0.02)).toBe('');
  });

  it('tells that others had the core', () => {
    expect(verdict(0.6, 0.58, 0.4)).toContain(
      'NOT ALONE: the server always had work, but others had its core for 40 %',
    );
  });

  it('tells that the load was the limit', () => {
    expect(verdict(0.8, 0.78, 0.05)).toContain('MEASURES ITSELF: the server used 80 % of its core');
  });
});
