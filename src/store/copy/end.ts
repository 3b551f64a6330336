/** The two ends of a copy, whichever engine each of them has. */
import type { ConnectionOptions } from 'node:tls';
import type { AnyTable } from '../../core/table.ts';
import { placeOf } from '../postgres/place.ts';
import type { Key, Row } from './rows.ts';

/** Where an end is. */
export type Place =
  | { readonly kind: 'sqlite'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly tls?: ConnectionOptions };

/** What can be read. */
export interface End {
  /** At most `limit` rows after a key, in the order of keys. */
  read(table: AnyTable, after: Key | null, limit: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Open, it keeps everybody from writing to the store. */
export interface Source extends End {
  /** Two ends with one identity are the same store. */
  readonly identity: string;
  /** How many rows a table has. */
  count(table: AnyTable): Promise<number>;
}

/** How far a table was copied. */
export interface Progress {
  readonly lastKey: Key | null;
  readonly rows: number;
}

/** Open, it keeps other copies away; from `begin` to `finish` it can't be served. */
export interface Target extends End {
  /** Marks an empty store as the copy of a source, or goes on with one that is marked so; throws FullTarget or another CopyError else. */
  begin(source: string): Promise<ReadonlyMap<string, Progress>>;
  /** Writes rows and how far they lead, both or neither. */
  write(table: AnyTable, rows: readonly Row[], progress: Progress): Promise<void>;
  /** Takes the mark away. */
  finish(): Promise<void>;
}

/** Thrown with a message for the operator. */
export class CopyError extends Error {
  override readonly name = 'CopyError';
}

/** The target has rows and no mark: it is somebody's store, or the copy itself, finished. */
export class FullTarget extends CopyError {}

/** For people; without secrets. */
export function describePlace(place: Place): string {
  return place.kind === 'sqlite' ? `sqlite:${place.directory}` : `postgres://${placeOf(place.url)}`;
}

export function refuseFull(place: Place, table: string): FullTarget {
  return new FullTarget(
    `${describePlace(place)} is not empty: its table ${table} has rows. A copy replaces nothing; name an empty store with --to`,
  );
}

export function refuseOther(place: Place): CopyError {
  return new CopyError(
    `${describePlace(place)} is an unfinished copy of another store than the one that --from names. Name that one, or another ` +
      'store with --to',
  );
}

export function refuseSame(place: Place): CopyError {
  return new CopyError(`--from and --to both lead to ${describePlace(place)}. Name another store with --to`);
}

export function refuseMissing(place: Place): CopyError {
  return new CopyError(`there is no store in ${describePlace(place)}. Name another with --from`);
}
