/** Plays one scenario. */

import type { Driver } from '../driver.ts';
import LOGIN_SCENARIOS from '../login-scenarios.json' with { type: 'json' };
import SCENARIOS_OF_FILE from '../scenarios.json' with { type: 'json' };
import { type Kind, placeOf, type SharedServers } from './servers.ts';
import { STEPS } from './steps.ts';
import { type MoreDrivers, PATIENCE_MS, World } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly server?: Kind;
  /** Its driver must not have played another one before. */
  readonly in_new_process?: boolean;
  readonly steps: readonly Step[];
}

interface Step {
  readonly do: string;
  readonly [name: string]: unknown;
}

type Play = (world: World, fields: object) => Promise<unknown>;

export const SCENARIOS: readonly Scenario[] = [...SCENARIOS_OF_FILE, ...LOGIN_SCENARIOS] as readonly Scenario[];

/** @throws with the step that failed. The driver can be used again unless it is broken. */
export async function replay(
  { server = 'shared', steps }: Scenario,
  driver: Driver,
  shared: SharedServers,
  { patienceMs = PATIENCE_MS, more }: { readonly patienceMs?: number; readonly more?: MoreDrivers | undefined } = {},
): Promise<void> {
  await using world = await World.make(driver, await placeOf(server, shared), patienceMs, more);
  try {
    for (const [index, step] of steps.entries()) {
      const { do: name, ...fields } = step;
      const play = (STEPS as Readonly<Record<string, unknown>>)[name] as Play | undefined;
      if (play === undefined) {
        throw new Error(`step ${index + 1} is "${name}", which replay/steps.ts does not have`);
      }
      await play(world, fields).catch((cause: unknown) => {
        const { message } = cause as Error;
        throw new Error(`step ${index + 1}, ${JSON.stringify(step)}: ${message}`, { cause });
      });
    }
    world.requireDiscreet(driver.stderr);
    world.logins?.requireSecretsKept();
  } finally {
    world.release?.();
    world.logins?.gate.release();
    if (!driver.isBroken) {
      await driver.ask('close');
    }
  }
}
