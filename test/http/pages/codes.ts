/** The codes that people are sent, as those who read their mail see them. */

import type { CodePurpose } from '../../../src/core/tables/codes.ts';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import { type PagesBed, TENANT } from './bed.ts';

/** The code that is good now. */
export async function codeFor({ store, services }: PagesBed, subjectId: string, purpose: CodePurpose): Promise<string> {
  const messages = await store.list(MESSAGES, { tenantId: TENANT }, { limit: 1_000 });
  const of = messages.find((each) => each.subjectId === subjectId && each.purpose === purpose && each.sealed !== null);
  const code = of?.sealed && services.keys.unseal('message', of.sealed);
  if (code === undefined || code === null) {
    throw new Error(`there is no code for ${subjectId}`);
  }
  return code;
}

/** Another code of the same form. */
export function wrongCode(code: string): string {
  return code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
}
