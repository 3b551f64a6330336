/** What the operations are given, in each thread that serves calls. */
import { setImmediate } from 'node:timers/promises';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Instant } from '../../core/model.ts';
import type { InCommon } from '../../core/services/in-common.ts';
import { keysOf } from '../../core/services/keys.ts';
import { type PasswordHasher, type Services, servicesOf } from '../../core/services/services.ts';
import type { Store } from '../../core/services/store.ts';
import { Turns } from '../../core/services/turns.ts';
import type { Verifiers } from '../../core/services/verifiers.ts';
import { pooledRandom } from './random.ts';

export interface ServiceParts {
  readonly store: Store;
  readonly passwords: PasswordHasher;
  /** What the servers of the store share. */
  readonly key: Uint8Array;
  readonly common: InCommon;
  readonly verifiers: Verifiers;
  readonly startTime: Instant;
  readonly certificateEnd: () => Instant | undefined;
}

export function openServices({ key, startTime, certificateEnd, ...parts }: ServiceParts): Services {
  const random = pooledRandom();
  const server = { version: packageJson.version, startTime, certificateEnd };
  const turns = new Turns(() => setImmediate());
  return servicesOf({ ...parts, keys: keysOf(key, random), clock: Date.now, random, server, turns });
}
