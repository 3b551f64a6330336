/** Of which type a device is, as the one who registered it said. Any text of at most 64 characters means one. */
import type { Subject } from '../tables/subjects.ts';

/** Among the attributes of a device: Kii's name of it. */
export const DEVICE_TYPE_ATTRIBUTE = '_thingType';

/** Undefined where nobody said it. */
export function deviceTypeOf({ attributes }: Pick<Subject, 'attributes'>): string | undefined {
  // Nearly all have none, and JSON of 64 KiB takes its time.
  if (!attributes.includes(DEVICE_TYPE_ATTRIBUTE)) {
    return undefined;
  }
  const type = (JSON.parse(attributes) as Record<string, unknown>)[DEVICE_TYPE_ATTRIBUTE];
  return typeof type === 'string' && type !== '' ? type : undefined;
}
