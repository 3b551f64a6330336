/** The question before something ends many logins: the name is typed again, or `--yes` was said. */
import { Option } from 'commander';
import { UsageError } from './failures.ts';
import { plain } from './output.ts';
import { ask, canAsk } from './prompt.ts';

export interface ConfirmOptions {
  readonly yes?: boolean;
}

/** Logins or people: what a few do in a moment by logging in again is not asked about. */
export const FEW_LOGINS = 5;

export function yesOption(): Option {
  return new Option('--yes', 'do it without asking, as scripts must where much ends');
}

/** `what` is a sentence without its full stop, such as `This ends 1,204 logins of the tenant demo`; `name` is to be typed. */
export async function confirm({ yes = false }: ConfirmOptions, what: string, name: string): Promise<void> {
  if (yes) {
    return;
  }
  if (!canAsk()) {
    throw new UsageError(`${what}, and nobody can be asked here. Say --yes if it is meant`);
  }
  const answer = await ask(`${plain(what)}. Type ${plain(name)} to go on: `);
  if (answer.trim() !== name) {
    throw new UsageError(`that is not ${name}. Nothing was done`);
  }
}
