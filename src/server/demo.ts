/** `serve --demo`: a tenant to try things on, made once, and lines to paste. */

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_TENANT } from '../config/issuers.ts';
import { encodeBytes } from '../core/base62.ts';
import { deviceId, ID_BYTES, userId } from '../core/ids.ts';
import { reasonOf } from '../core/reason.ts';
import { CLIENT_SECRET_PREFIX, formatSecret, SECRET_BYTES } from '../core/secrets.ts';
import { readTenant } from '../core/services/lookups.ts';
import type { Services } from '../core/services/services.ts';
import { requireTrusted } from '../files/trust.ts';
import { replaceFile } from '../files/whole.ts';
import { commandsFor, missingOf } from './demo-commands.ts';
import { linesToPaste, type Surfaces } from './demo-lines.ts';

/** What `demo.json` holds, for programs that want to try the server. */
export interface DemoRecord {
  readonly grpc: string;
  readonly http: string;
  /** Also the appID of legacy clients. */
  readonly tenant_id: string;
  readonly admin: { readonly client_id: string; readonly client_secret: string };
  readonly service: { readonly client_id: string; readonly client_secret: string };
  readonly user: {
    readonly id: string;
    readonly login_name: string;
    readonly email: string;
    readonly phone: string;
    readonly password: string;
  };
  readonly device: { readonly id: string; readonly vendor_id: string; readonly password: string };
  /** A web app, which sends people to the pages of authorization and has a secret. */
  readonly web: { readonly client_id: string; readonly client_secret: string; readonly redirect_uri: string };
  /** An app on a person's machine, which proves itself by PKCE alone. */
  readonly public: { readonly client_id: string; readonly redirect_uri: string };
  /** What has no browser: people type its code elsewhere. */
  readonly device_client: { readonly client_id: string };
}

/** What records of earlier versions lack. */
type Younger = 'web' | 'public' | 'device_client';

const TENANT_ID = DEMO_TENANT;

/** Makes what is missing of the demo tenant. The record is written first, so that a crash in between loses no secret. */
export async function prepareDemo(services: Services, dataDir: string): Promise<DemoRecord> {
  const path = demoPath(dataDir);
  const known = readRecord(path);
  const isThere = (await readTenant(services.store, TENANT_ID)) !== undefined;
  // What is not known to the store was never of use: a record that can't be read is made anew then.
  if (known === undefined && isThere) {
    throw new Error(
      `the store has a tenant ${TENANT_ID}, and ${path}, which holds its secrets, ${existsSync(path) ? 'can’t be read' : 'is gone'}. ` +
        'Restore it, serve without --demo, or name another directory with --data-dir',
    );
  }
  const record = known ?? newRecord();
  writeRecord(path, record);
  for (const command of await missingOf(
    services,
    await commandsFor(services, record, known !== undefined && !isThere),
  )) {
    const outcome = await services.store.execute({ ...command, authority: 'server' });
    if ('refusal' in outcome && outcome.refusal.code !== 'already_exists') {
      throw new Error(`the demo tenant can't be made: ${outcome.refusal.message}`);
    }
  }
  return record;
}

/** Writes where the servers really listen, and answers the record and lines to paste. */
export function announceDemo(
  dataDir: string,
  record: DemoRecord,
  addresses: Pick<DemoRecord, 'grpc' | 'http'>,
  surfaces: Surfaces,
): string {
  const announced = { ...record, ...addresses };
  writeRecord(demoPath(dataDir), announced);
  return linesToPaste(announced, demoPath(dataDir), surfaces);
}

function demoPath(dataDir: string): string {
  return join(dataDir, 'demo.json');
}

/** Undefined where there is none, and where the file is none. The parser's own message is let go: it quotes the file, which holds secrets. */
function readRecord(path: string): DemoRecord | undefined {
  requireTrusted(path, { what: 'the record of the demo tenant', isSecret: true });
  let record: unknown;
  try {
    record = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))) {
      throw new Error(`can't read ${path}: ${reasonOf(error)}. Make it this user's, or serve without --demo`);
    }
  }
  return completed(record);
}

/** With what it lacks of an earlier version; undefined of what is not a record. */
function completed(record: unknown): DemoRecord | undefined {
  const { web, public: app, device_client, ...first } = newRecord();
  if (!hasShapeOf(record, first satisfies Omit<DemoRecord, Younger>)) {
    return undefined;
  }
  const younger = { web, public: app, device_client };
  const whole = { ...younger, ...(record as Omit<DemoRecord, Younger>) };
  return hasShapeOf(whole, younger) ? whole : undefined;
}

/** Whether every part of the model has one of the same type in the value. */
function hasShapeOf(value: unknown, model: object): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return Object.entries(model).every(([name, part]) => {
    const own = (value as Record<string, unknown>)[name];
    return typeof part === 'object' ? hasShapeOf(own, part) : typeof own === typeof part;
  });
}

function writeRecord(path: string, record: DemoRecord): void {
  replaceFile(path, `${JSON.stringify(record, null, 2)}\n`);
}

function newRecord(): DemoRecord {
  const secret = () => formatSecret(CLIENT_SECRET_PREFIX, randomBytes(SECRET_BYTES));
  const password = () => encodeBytes(randomBytes(ID_BYTES));
  return {
    grpc: '',
    http: '',
    tenant_id: TENANT_ID,
    admin: { client_id: 'demo-admin', client_secret: secret() },
    service: { client_id: 'demo-service', client_secret: secret() },
    user: {
      id: userId(randomBytes(ID_BYTES)),
      login_name: 'demo-user',
      email: 'demo-user@example.com',
      phone: '+819012341234',
      password: password(),
    },
    device: { id: deviceId(randomBytes(ID_BYTES)), vendor_id: 'demo-device', password: password() },
    // Whatever port a program has on this machine: RFC 8252 section 7.3.
    web: { client_id: 'demo-web', client_secret: secret(), redirect_uri: 'http://localhost:3000/callback' },
    public: { client_id: 'demo-app', redirect_uri: 'http://127.0.0.1/callback' },
    device_client: { client_id: 'demo-tv' },
  };
}
