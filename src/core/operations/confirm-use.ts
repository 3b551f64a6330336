/** The first use of a refreshed access token shows that the refresh's answer arrived: from then on a repeat of it is theft. */

import type { Instant } from '../model.ts';
import type { TokenReading } from '../rules/liveness.ts';
import type { Services } from '../services/services.ts';

/** Tells the writer without waiting, when the refresh can still be repeated. When it is lost, the next use tells again. */
export function confirmUse({ store, confirming }: Services, { family }: TokenReading, now: Instant): void {
  const { familyId, generation, repeatUntil } = family;
  if (repeatUntil <= now || confirming.has(familyId)) {
    return;
  }
  confirming.add(familyId);
  store
    .execute({ kind: 'confirm', familyId, generation, authority: 'server' })
    .catch(() => undefined)
    .finally(() => confirming.delete(familyId));
}
