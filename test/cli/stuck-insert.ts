/** Loaded into the program by --import: the write of one row, which the environment names by its id in hex, takes for ever. */
import Database from 'better-sqlite3';

const id = Buffer.from(process.env.TEST_STUCK_AT ?? '', 'hex');
const { prepare } = Database.prototype;

Database.prototype.prepare = function prepareStuck(this: Database.Database, sql: string) {
  const statement = prepare.call(this, sql);
  if (sql.startsWith('INSERT INTO family')) {
    const run = statement.run.bind(statement);
    statement.run = (...values: unknown[]) => {
      if (values.flat().some((value) => value instanceof Uint8Array && id.equals(value))) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      }
      return (run as (...all: unknown[]) => Database.RunResult)(...values);
    };
  }
  return statement;
} as typeof prepare;
