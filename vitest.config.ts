import { defineConfig } from 'vitest/config';

/** What needs no socket, no file and no database: `npm run test:quick`. */
const QUICK = ['test/core/**/*.test.ts', 'test/calls/**/*.test.ts', 'test/config/**/*.test.ts', 'test/shape.test.ts'];
/** Of the core, what runs on real databases as well. */
const ON_DATABASES = ['test/core/**/*.databases.test.ts'];

export default defineConfig({
  test: {
    // Real servers, real files and argon2 on two cores: generous, for a test waits for conditions and not for times.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A condition may take long to come, too.
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    reporters: ['minimal'],
    projects: [
      { extends: true, test: { name: 'quick', include: QUICK, exclude: ON_DATABASES, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: QUICK } },
      { extends: true, test: { name: 'databases', include: ON_DATABASES } },
    ],
  },
});
