/** Notes on the command line, of one user who signs in once: `notes.ts sign-in NAME`, `add TEXT`, `list` and `sign-out`. */
import { FileStore, Login, SymbolonError } from '@symbolon/client';
import { setting } from './services.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

using login = new Login({
  address: setting('SYMBOLON_ADDRESS'),
  clientId: setting('CLIENT_ID'),
  store: new FileStore(setting('LOGIN')),
});
const [command, text = ''] = process.argv.slice(2);
try {
  await login.resumeStored();
  await run();
} catch (error) {
  if (!(error instanceof SymbolonError)) {
    throw error;
  }
  say(error.code === 'UNAUTHENTICATED' ? 'sign in first' : error.message);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  if (command === 'sign-in') {
    // A program of your own asks for it, and does not show what is typed.
    const factor = await login.signInUser(text, setting('PASSWORD'));
    await factor?.complete(setting('CODE'));
    say(`signed in as ${text}`);
  } else if (command === 'sign-out') {
    say((await login.signOut()) ? 'signed out' : 'signed out here; the server could not be told');
  } else {
    await keep();
  }
}

/** The notes are kept beside the user. */
async function keep(): Promise<void> {
  const { attributes } = await login.account.get();
  const notes: readonly string[] = attributes?.notes ?? [];
  if (command === 'add') {
    await login.account.update({ attributes: { ...attributes, notes: [...notes, text] } });
  }
  say(`notes: ${command === 'add' ? [...notes, text].join(', ') : notes.join(', ')}`);
}
