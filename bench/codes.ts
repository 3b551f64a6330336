/** Authorization codes of a demo's user, written into its store while no server has it: pages would be most of what is measured. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CommandData } from '../src/core/commands/index.ts';
import { challengeOf } from '../src/core/operations/redeem-authorization-code.ts';
import {
  AUTHORIZATION_CODE_PREFIX,
  CLIENT_SECRET_PREFIX,
  digestOf,
  formatSecret,
  SECRET_BYTES,
} from '../src/core/secrets.ts';
import type { DemoRecord } from '../src/server/demo.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import type { ClientSecret } from './tokens.ts';

const CLIENT_ID = 'bench-web';
const BACK = 'https://app.example/back';
const VERIFIER = 'v'.repeat(64);
/** Commands that wait at once. */
const TOGETHER = 256;
/** A code lives for a minute, and a measurement is longer. */
const LONGER_MS = 60 * 60_000;

export interface Codes {
  readonly client: ClientSecret;
  /** Forms of the token endpoint, in base64: each serves once. */
  readonly forms: readonly string[];
}

export async function writeCodes(
  dataDir: string,
  { tenant_id: tenantId, user }: DemoRecord,
  count: number,
): Promise<Codes> {
  const path = join(dataDir, 'symbolon.db');
  const store = await SqliteStore.open({ path, clock: Date.now });
  const make = async (command: CommandData) => {
    const outcome = await store.execute({ ...command, authority: 'server' });
    if ('refusal' in outcome) {
      throw new Error(outcome.refusal.message);
    }
  };
  const secret = formatSecret(CLIENT_SECRET_PREFIX, randomBytes(SECRET_BYTES));
  const own = { clientId: CLIENT_ID, tenantId, displayName: 'bench', confidential: true, roles: [], scopes: ['read'] };
  await make({
    kind: 'create_client',
    client: { ...own, grants: ['authorization_code', 'refresh_token'], redirectUris: [BACK] },
    secret: { secretId: 'cs_bench', digest: digestOf(secret), expireTime: null },
  });
  const asked = { kind: 'authorize', tenantId, subjectId: user.id, clientId: CLIENT_ID, scopes: ['read'] } as const;
  const codeChallenge = challengeOf(VERIFIER);
  const forms: string[] = [];
  const writeOne = async () => {
    const code = formatSecret(AUTHORIZATION_CODE_PREFIX, randomBytes(SECRET_BYTES));
    const response = { type: 'code', digest: digestOf(code), redirectWasGiven: true, codeChallenge } as const;
    await make({ ...asked, audience: null, redirectUri: BACK, response });
    const form = { grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: VERIFIER };
    forms.push(Buffer.from(new URLSearchParams(form).toString()).toString('base64'));
  };
  while (forms.length < count) {
    await Promise.all(Array.from({ length: TOGETHER }, writeOne));
  }
  await store.close();
  const database = new Database(path);
  database.exec(`UPDATE single_use SET payload = json_set(payload, '$.redeemUntil', ${Date.now() + LONGER_MS})`);
  database.close();
  return { client: { client_id: CLIENT_ID, client_secret: secret }, forms };
}
