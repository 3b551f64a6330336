/** What every page stands in: whose it is, in which language, and for which client. */
import type { Language } from '../texts/languages.ts';

/** How a tenant or a client shows itself. */
export interface Brand {
  readonly name: string;
  /** The address of a picture; empty: none. */
  readonly logoUri: string;
  /** `#rrggbb`; empty: the pages' own. */
  readonly accentColor: string;
}

export interface Frame {
  readonly language: Language;
  /** The same page in every language. */
  readonly languageLinks: readonly { readonly language: Language; readonly path: string }[];
  /** Undefined where it is not known whose page it is. */
  readonly tenant: Brand | undefined;
  /** The client that somebody came from. */
  readonly client: Brand | undefined;
}

/** A client's colour goes before its tenant's. */
export function accentOf({ client, tenant }: Frame): string {
  return client?.accentColor || tenant?.accentColor || '';
}

/** The pictures of other servers that the page shows. */
export function picturesOf({ client, tenant }: Frame): readonly string[] {
  return [client?.logoUri ?? '', tenant?.logoUri ?? ''].filter((uri) => uri !== '');
}
