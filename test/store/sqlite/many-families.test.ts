/** The statements of one reading of many families see one moment, whatever is committed between two of them. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { bytesOfFamily } from '../../../src/core/token-form.ts';
import { ChangeMarks, ChangeMarksWriter, changeMarksBuffer, markOf } from '../../../src/store/sqlite/change-marks.ts';
import { openReader } from '../../../src/store/sqlite/connection.ts';
import { SharedValues } from '../../../src/store/sqlite/family-rows.ts';
import { KeptRows } from '../../../src/store/sqlite/kept-rows.ts';
import { ManyFamilies } from '../../../src/store/sqlite/many-families.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { aFamilyId, begin, makeAcme, TENANT } from '../postgres/acme.ts';

/** Calls `between` after each reading of a statement. */
function interrupted(database: Database.Database, between: () => void): Database.Database {
  return new Proxy(database, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'prepare') {
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return (sql: string) => {
        const statement = target.prepare(sql).raw();
        const read =
          (method: 'get' | 'all') =>
          (...args: unknown[]) => {
            const answer = statement[method](...args);
            between();
            return answer;
          };
        return { raw: () => ({ get: read('get'), all: read('all') }) };
      };
    },
  });
}

it.each([TENANT, null])('for the tenant %s', async (tenantId) => {
  const directory = temporaryDirectory();
  const path = join(directory.path, 'symbolon.db');
  const store = await SqliteStore.open({ path, clock: new TestClock().read });
  const [reader, writer] = [openReader(path), new Database(path)];
  try {
    await makeAcme(store);
    const { familyId } = await begin(store);
    const revoke = () => {
      writer.exec('UPDATE tenant SET revision = revision + 1, cutoff = revision + 1');
      writer.exec('UPDATE family SET revoked_revision = (SELECT max(revision) FROM tenant)');
    };
    const many = new ManyFamilies(interrupted(reader, revoke), new SharedValues());
    for (let i = 0; i < 2; i++) {
      const [one] = many.read(tenantId, [familyId]);
      expect(one?.reading?.tenant.cutoff).toBe(one?.revision);
      expect(one?.reading?.family.revokedRevision ?? 0).toBe(one?.revision);
    }
  } finally {
    reader.close();
    writer.close();
    await store.close();
    directory.remove();
  }
});

it('looks again at what is kept after the rest was read, and reads all anew when it has changed', async () => {
  const directory = temporaryDirectory();
  const path = join(directory.path, 'symbolon.db');
  const store = await SqliteStore.open({ path, clock: new TestClock().read });
  const [reader, hand] = [openReader(path), new Database(path)];
  try {
    await makeAcme(store);
    const [kept, other] = [(await begin(store)).familyId, (await begin(store)).familyId];
    const buffer = changeMarksBuffer();
    const marks = new ChangeMarksWriter(buffer);
    let isRevoked = false;
    const revokeOnce = () => {
      if (isKept && !isRevoked) {
        isRevoked = true;
        marks.begin();
        marks.mark(markOf('family', kept));
        hand.prepare('UPDATE family SET revoked_revision = 1 WHERE family_id = ?').run(bytesOfFamily(kept));
        marks.committed();
      }
    };
    let isKept = false;
    const many = new ManyFamilies(interrupted(reader, revokeOnce), new SharedValues());
    many.keepIn(new KeptRows(new ChangeMarks(buffer)));
    const read = (ids: string[]) => many.read(TENANT, ids).map(({ reading }) => reading?.family.revokedRevision);

    expect(read([kept])).toEqual([null]);
    isKept = true;
    // Kept, and then what has to be read: while it is, the first is revoked.
    expect(read([kept, other, kept])).toEqual([1, null, 1]);
    expect(isRevoked).toBe(true);
    // From memory, in another order, and with what is not there.
    expect(read([other, kept])).toEqual([null, 1]);
    expect(read([kept, aFamilyId(), other])).toEqual([1, undefined, null]);
  } finally {
    reader.close();
    hand.close();
    await store.close();
    directory.remove();
  }
});
