/** Whom the operator names on the command line: nobody else, also in a store with names that are refused now. */
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiOf } from '../../src/cli/api/local.ts';
import { idOf } from '../../src/cli/naming.ts';
import { makeDevice, makeTenant, makeUser, openTestBed, type TestBed } from '../support.ts';

let bed: TestBed;

const VICTIM = '0a1b2c3d4e5f-6789-abcd-ef01-23456789';
const PASSWORD = 'correct horse';

beforeEach(async () => {
  bed = await openTestBed();
  await makeTenant(bed.store, 'acme');
  const mail = { email: 'ann@example.com', emailVerified: true, phone: '+819012341234', phoneVerified: true };
  await makeUser(bed.services, 'acme', { subjectId: 'user-ann', loginName: 'ann', password: PASSWORD, ...mail });
  // An id that the server would not make, as of an import.
  await makeUser(bed.services, 'acme', { subjectId: 'kim', loginName: 'first', password: PASSWORD });
  await makeUser(bed.services, 'acme', { subjectId: 'user-kim', loginName: 'kim', password: PASSWORD });
  await makeDevice(bed.services, 'acme', { subjectId: 'th.1', vendorId: 'lamp', password: PASSWORD });
  await makeDevice(bed.services, 'acme', { subjectId: 'th.2', vendorId: 'th.1', password: PASSWORD });
});

afterEach(() => bed.close());

const api = () =>
  apiOf(bed.services, {
    tenantId: 'acme',
    operator: 'root',
    where: '',
    makeKey: async () => undefined,
    close: async () => undefined,
  });
const user = (name: string) => idOf(api(), 'user', 'acme', name);
const device = (name: string) => idOf(api(), 'device', 'acme', name);

describe('a name on the command line', () => {
  it('is an id, a login name or a verified address', async () => {
    for (const name of ['user-ann', 'ann', 'ANN', 'Ann@example.com', '+81 90-1234-1234']) {
      expect(await user(name), name).toBe('user-ann');
    }
    for (const name of [
      'id:user-ann',
      'login-name:ann',
      'LOGIN-NAME:Ann',
      'email:ann@example.com',
      'phone:+819012341234',
    ]) {
      expect(await user(name), name).toBe('user-ann');
    }
    expect([await device('lamp'), await device('id:th.2'), await device('vendor-id:lamp')]).toEqual([
      'th.1',
      'th.2',
      'th.1',
    ]);
  });

  it('that names two is refused, and says how to name either', async () => {
    await expect(user('kim')).rejects.toThrow(
      'kim names more than one user of the tenant acme. Name id:kim or login-name:kim',
    );
    expect([await user('id:kim'), await user('login-name:kim')]).toEqual(['kim', 'user-kim']);
    await expect(device('th.1')).rejects.toThrow('Name id:th.1 or vendor-id:th.1');
    expect([await device('id:th.1'), await device('vendor-id:th.1')]).toEqual(['th.1', 'th.2']);
  });

  it('of the form of an id is that id alone, though an older store has it as a login name', async () => {
    const database = new Database(bed.path);
    database.prepare(`UPDATE handle SET key = ? WHERE subject_id = 'user-kim'`).run(VICTIM);
    database.close();
    await expect(user(VICTIM)).rejects.toThrow(`there is no user ${VICTIM}`);
    expect(await user(`login-name:${VICTIM}`)).toBe('user-kim');
  });

  it('with a kind before it is of no other kind', async () => {
    for (const name of ['id:ann', 'login-name:user-ann', 'phone:ann', 'email:ann', 'vendor-id:lamp']) {
      await expect(user(name), name).rejects.toThrow('there is no user');
    }
  });
});
