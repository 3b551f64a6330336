import { expect, it } from 'vitest';
import { type Machine, standardWorkers } from '../../src/config/workers.ts';

const MIB = 1_024 * 1_024;
const machine: Machine = { platform: 'linux', cores: 8, memoryBytes: 16_384 * MIB };

it.each([
  [{}, 8],
  [{ cores: 1 }, 1],
  [{ cores: 256, memoryBytes: 1_048_576 * MIB }, 64],
  [{ memoryBytes: 1_024 * MIB }, 3],
  [{ memoryBytes: 256 * MIB }, 1],
  [{ platform: 'darwin' as const }, 1],
])('has one worker a core, as far as the memory goes: %o', (changes, workers) => {
  expect(standardWorkers({ ...machine, ...changes })).toBe(workers);
});
