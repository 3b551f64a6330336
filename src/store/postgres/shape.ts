/**
 * Whether our tables are as our steps make them: all that decides what a statement on them does, one line each. A trigger, a rule, a
 * default or a policy of somebody else would live on in the store and change what we write or read. What makes no such difference
 * may be as it is: where tables lie, their fill factors and statistics, and other tables beside ours.
 */
import { readFileSync } from 'node:fs';
import type { ClientBase } from 'pg';
import { TABLES } from '../../core/tables/index.ts';

/** Each step and what it leaves. test/store/postgres/shape.test.ts writes the files, with `vitest -u`. */
export const SHAPES: readonly (readonly string[])[] = [shapeIn('shape-1.txt'), shapeIn('shape-2.txt')];

const TABLE_LINE = /^table (\w+)$/;
const OURS = [
  ...TABLES.map(({ name }) => name),
  'heartbeat',
  'history',
  'schema_version',
  ...SHAPES.flat().flatMap((line) => TABLE_LINE.exec(line)?.[1] ?? []),
];

function shapeIn(file: string): string[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** $1: the names of our tables. What a fresh store has none of has a line that no shape has. */
const LINES = `
  WITH ours AS (
    SELECT c.* FROM pg_class c
    WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relname = ANY ($1::name[])
  )
  SELECT 'table ' || c.relname
    || CASE WHEN c.relkind = 'r' THEN '' ELSE ' of kind ' || c.relkind::text END
    || CASE WHEN c.relpersistence = 'p' THEN '' ELSE ' of persistence ' || c.relpersistence::text END
    || CASE WHEN a.amname = 'heap' THEN '' ELSE ' kept by ' || coalesce(a.amname, 'none') END
    || CASE WHEN c.relrowsecurity OR c.relforcerowsecurity THEN ' with row security' ELSE '' END AS line
  FROM ours c LEFT JOIN pg_am a ON a.oid = c.relam
  UNION ALL
  SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN '' ELSE ' of another schema' END
    || CASE WHEN l.oid IS NULL OR l.oid = t.typcollation THEN ''
       ELSE ' collate ' || l.collnamespace::regnamespace || '.' || l.collname END
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN a.attidentity = '' THEN '' ELSE ' identity' END
    || CASE WHEN a.attgenerated = '' THEN '' ELSE ' generated' END
    || CASE WHEN a.attislocal AND a.attinhcount = 0 THEN '' ELSE ' inherited' END
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM ours c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  UNION ALL
  -- What REINDEX CONCURRENTLY makes and leaves counts as the index that it is made for.
  SELECT DISTINCT 'index ' || regexp_replace(i.relname, CASE WHEN x.indisvalid THEN '^$' ELSE '_cc(new|old)[0-9]*$' END, '')
    || ' of ' || c.relname || ' (' || (
      SELECT string_agg(pg_get_indexdef(x.indexrelid, k.i, true)
        || CASE WHEN x.indoption[k.i - 1] = 0 THEN '' ELSE ' of another order' END
        || CASE WHEN o.opcdefault THEN '' ELSE ' ' || o.opcname END
        || CASE WHEN x.indkey[k.i - 1] = 0 OR x.indcollation[k.i - 1] IN (0, (
             SELECT a.attcollation FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = x.indkey[k.i - 1]
           )) THEN '' ELSE ' of another collation' END, ', ' ORDER BY k.i)
      FROM generate_series(1, x.indnkeyatts) AS k (i) JOIN pg_opclass o ON o.oid = x.indclass[k.i - 1]
    ) || ')'
    || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
    || CASE WHEN m.amname = 'btree' THEN '' ELSE ' by ' || m.amname END
    || CASE WHEN x.indnatts = x.indnkeyatts THEN '' ELSE ' including more' END
    || CASE WHEN x.indnullsnotdistinct THEN ' nulls not distinct' ELSE '' END
    || CASE WHEN x.indimmediate THEN '' ELSE ' deferrable' END
    || CASE WHEN x.indisvalid OR i.relname ~ '_cc(new|old)[0-9]*$' THEN '' ELSE ' not valid' END
    || coalesce(' where ' || pg_get_expr(x.indpred, x.indrelid), '')
  FROM ours c JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
  -- Those of a primary key are told by it.
  WHERE NOT x.indisprimary
  UNION ALL
  -- PostgreSQL 18 has constraints of NOT NULL, which the columns tell too.
  SELECT 'constraint of ' || CASE WHEN n.conrelid IN (SELECT oid FROM ours) THEN '' ELSE 'another table, ' END
    || n.conrelid::regclass || ': ' || pg_get_constraintdef(n.oid)
    || CASE WHEN n.convalidated THEN '' ELSE ' not valid' END
  FROM pg_constraint n
  WHERE (n.conrelid IN (SELECT oid FROM ours) OR n.confrelid IN (SELECT oid FROM ours))
    AND (n.contype <> 'n' OR NOT n.convalidated) AND n.contype <> 't'
  UNION ALL
  SELECT CASE WHEN t.tgisinternal THEN 'switched off check of a reference' ELSE 'trigger ' || t.tgname END
    || ' of ' || c.relname
  FROM ours c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal OR t.tgenabled <> 'O'
  UNION ALL
  SELECT 'rule ' || r.rulename || ' of ' || c.relname FROM ours c JOIN pg_rewrite r ON r.ev_class = c.oid
  UNION ALL
  SELECT 'policy ' || p.polname || ' of ' || c.relname FROM ours c JOIN pg_policy p ON p.polrelid = c.oid
  UNION ALL
  SELECT 'inheritance of ' || i.inhrelid::regclass || ' from ' || i.inhparent::regclass FROM pg_inherits i
  WHERE i.inhrelid IN (SELECT oid FROM ours) OR i.inhparent IN (SELECT oid FROM ours)
  UNION ALL
  -- What has the name of something built in may be taken for it.
  SELECT 'function ' || p.oid::regprocedure FROM pg_proc p
  WHERE p.pronamespace = quote_ident(current_schema())::regnamespace
    AND EXISTS (SELECT FROM pg_proc b WHERE b.proname = p.proname AND b.pronamespace = 'pg_catalog'::regnamespace)
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
  UNION ALL
  SELECT 'operator ' || o.oid::regoperator FROM pg_operator o
  WHERE o.oprnamespace = quote_ident(current_schema())::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype = 'e')
  UNION ALL
  SELECT 'cast from ' || s.castsource::regtype || ' to ' || s.casttarget::regtype
  FROM pg_cast s JOIN pg_type f ON f.oid = s.castsource JOIN pg_type t ON t.oid = s.casttarget
  WHERE s.oid >= 16384 AND s.castcontext <> 'e'
    AND f.typnamespace = 'pg_catalog'::regnamespace AND t.typnamespace = 'pg_catalog'::regnamespace`;
const MEND = 'Somebody changed the database past Symbolon. Undo that, or restore it from before';
/** Kind and name, by which a line that differs is found again. */
const SUBJECT = /^(table \w+|\w+ \S+( of \w+)?)/;

/** All that the session's schema has of ours, in order. */
export async function linesOf(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(LINES, [OURS]);
  return rows.map(({ line }) => line.replaceAll(/\p{C}/gu, '?')).sort();
}

/** The first difference to what a step leaves; `allowed` are lines that may be there besides. */
export function differenceOf(
  lines: readonly string[],
  version: number,
  allowed: readonly string[] = [],
): string | undefined {
  const expected = SHAPES[version - 1] ?? [];
  const more = lines.find((line) => !expected.includes(line) && !allowed.includes(line));
  const missing = expected.filter((line) => !lines.includes(line));
  const instead = more && missing.find((line) => SUBJECT.exec(line)?.[0] === SUBJECT.exec(more)?.[0]);
  if (instead !== undefined) {
    return `it has the ${more} instead of the ${instead}. ${MEND}`;
  }
  const [less] = missing;
  return more === undefined
    ? less && `it lacks the ${less}. ${MEND}`
    : `it has the ${more}, which is not Symbolon’s. ${MEND}`;
}
