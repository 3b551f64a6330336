/** In which schema of the database the store is. It is looked for once: what a role's search path says later leads no node elsewhere. */
import type { ClientBase } from 'pg';
import { ServerError } from './faults.ts';

interface Found {
  readonly name: string;
  readonly has_store: boolean;
}

const FIND = `SELECT n.nspname::text AS name,
    EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname IN ('schema_version', 'tenant')) AS has_store
  FROM pg_namespace n WHERE n.nspname = ANY ($1::name[]) AND n.nspname !~ '^pg_' ORDER BY array_position($1::name[], n.nspname)`;

/** The schemas that the role's search path leads to. Qualified, for one of them may hold functions of these names. */
export async function readPath(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ path: string[] }>(
    'SELECT pg_catalog.current_schemas(false)::pg_catalog.text[] AS path',
  );
  return rows[0]?.path ?? [];
}

/** The schema of a path that has the store; where none has, the one that the store is made in. */
export async function findSchema(client: ClientBase, path: readonly string[]): Promise<string> {
  const { rows } = await client.query<Found>(FIND, [path]);
  const [first, second] = rows.filter(({ has_store }) => has_store);
  if (second !== undefined) {
    throw new ServerError(
      `the search path leads to two stores, in the schemas ${first?.name} and ${second.name}. Name the right one: ` +
        'ALTER ROLE … IN DATABASE … SET search_path = …',
    );
  }
  const schema = first ?? rows[0];
  if (schema === undefined) {
    throw new ServerError(
      'the search path of the role leads to no schema that the store could be in. Give it one: ALTER ROLE … IN DATABASE … SET search_path = …',
    );
  }
  return schema.name;
}
