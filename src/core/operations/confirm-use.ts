/** The first use of a refreshed access token shows that the refresh's answer arrived: from then on a repeat of it is theft. */
import type { TokenReading } from '../liveness.ts';
import type { Instant } from '../model.ts';
import type { Services } from '../services.ts';

/** Families whose confirmation is on its way, by store, so that only the first use sends one. */
const confirming = new WeakMap<Services['store'], Set<string>>();

/** Tells the writer without waiting, when the refresh can still be repeated. When it is lost, the next use tells again. */
export function confirmUse({ store }: Services, { family }: TokenReading, now: Instant): void {
  const { familyId, generation, repeatUntil } = family;
  if (repeatUntil === null || repeatUntil <= now) {
    return;
  }
  const pending = confirming.get(store) ?? new Set();
  confirming.set(store, pending);
  if (pending.has(familyId)) {
    return;
  }
  pending.add(familyId);
  store
    .execute({ kind: 'confirm', familyId, generation })
    .catch(() => undefined)
    .finally(() => pending.delete(familyId));
}
