/** Update masks: which fields of a request are to be changed. */
import { SymbolonError } from '../../core/errors.ts';

/** What may be shown of a path that nobody knows. */
const PATH_FORM = /^[\w.]{1,100}$/;

/** The paths that a mask names, each one of `known`, beside those that begin with `prefix`, which are left out. */
export function parsePaths<Path extends string>(
  mask: readonly string[] | undefined,
  known: readonly Path[],
  prefix?: string,
): ReadonlySet<Path> {
  if (mask === undefined || mask.length === 0) {
    throw new SymbolonError('invalid_argument', 'update_mask is missing');
  }
  const isKnown = (path: string): path is Path => known.some((each) => each === path);
  for (const path of mask) {
    if (!isKnown(path) && !(prefix !== undefined && path.startsWith(prefix))) {
      const shown = PATH_FORM.test(path) ? path : 'something that is not a field';
      throw new SymbolonError('invalid_argument', `update_mask names ${shown}; it may name ${known.join(', ')}`);
    }
  }
  return new Set(mask.filter(isKnown));
}
