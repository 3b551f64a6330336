/** Lists, page after page, for as long as somebody reads them. */
import { ListPrinter, type OutputOptions, type Result } from './terminal/output.ts';

export interface Page {
  readonly rows: readonly Result[];
  /** Where the next one begins; empty: there is none. */
  readonly next: string;
}

export interface Listing {
  /** The fields that people see. */
  readonly columns: readonly string[];
  /** What people are told where there is nothing. */
  readonly none: string;
  readonly read: (page: { readonly pageSize: number; readonly pageToken: string }) => Promise<Page>;
  /** At most so many rows. */
  readonly limit?: number;
}

/** As many as a server answers at once. */
const PAGE_SIZE = 1_000;

export async function printPages(options: OutputOptions, listing: Listing): Promise<void> {
  const { columns, none, read, limit = Number.MAX_SAFE_INTEGER } = listing;
  const printer = new ListPrinter(options, columns);
  let left = limit;
  let pageToken = '';
  do {
    const { rows, next } = await read({ pageSize: Math.min(PAGE_SIZE, left), pageToken });
    printer.print(rows);
    left -= rows.length;
    pageToken = next;
  } while (pageToken !== '' && left > 0 && printer.isWanted);
  printer.end(none);
}
