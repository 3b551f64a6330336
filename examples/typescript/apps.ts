/** Runs the notes and the lamp as their users would, beside a server of with-demo.ts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from './install.ts';
import { setting } from './services.ts';

const { grpc, tenant_id, user, admin } = JSON.parse(readFileSync(setting('SYMBOLON_DEMO'), 'utf8'));
const directory = mkdtempSync(join(tmpdir(), 'symbolon-apps-'));
const files = { NOTES_LOGIN: join(directory, 'notes.json'), LAMP_LOGIN: join(directory, 'lamp.json') };
const known = { CLIENT_ID: tenant_id, PASSWORD: user.password, LAMP_PASSWORD: 'what this lamp was built with' };

/** Each is a process of its own, and has nothing but its file of the one before. */
function run(program: string, args: readonly string[], env: Record<string, string> = {}): void {
  try {
    const all = { ...process.env, ...files, ...known, ...env };
    execFileSync(process.execPath, [join(import.meta.dirname, program), ...args], { env: all, stdio: 'inherit' });
  } catch (error) {
    // It has said why.
    if ((error as { status?: number }).status !== 1) {
      throw error;
    }
  }
}

try {
  install(import.meta.dirname, ['client']);
  run('notes.ts', ['list']);
  run('notes.ts', ['sign-in', user.login_name]);
  run('notes.ts', ['add', 'buy bread']);
  run('notes.ts', ['add', 'call Bea']);
  run('notes.ts', ['list']);
  const { Client, FileStore, Login } = await import('@symbolon/client');
  using operator = new Client({ address: grpc, clientId: admin.client_id, clientSecret: admin.client_secret });
  // So that devices may be made by anybody's app.
  const { TenantPolicy } = await import('@symbolon/client/v1/tenant_service');
  const policy = TenantPolicy.fromPartial({ selfRegistration: true });
  await operator.tenants.updateTenant({ policy, updateMask: ['policy.self_registration'] });
  using owner = new Login({ address: grpc, clientId: tenant_id, store: new FileStore(files.NOTES_LOGIN) });
  await owner.resumeStored();
  run('lamp.ts', [], { OWNER_TOKEN: await owner.token() });
  run('lamp.ts', []);
  run('notes.ts', ['sign-out']);
  run('notes.ts', ['list']);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
