import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { UsageError } from './terminal/failures.ts';

/** Standard input without its last line break. In another encoding, different texts would become the same one. */
export async function readStandardInput(): Promise<string> {
  const bytes = await buffer(process.stdin);
  if (!isUtf8(bytes)) {
    throw new UsageError('standard input is not valid UTF-8. Write it in UTF-8');
  }
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}

/** An argument, or standard input in place of `-`: secrets are not for process lists. */
export async function argumentOrInput(argument: string): Promise<string> {
  return argument === '-' ? readStandardInput() : argument;
}
