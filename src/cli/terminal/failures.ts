/** What a command says when it fails: one line on standard error, for people or with `--json` for scripts, and an exit code. */
import { CommanderError } from 'commander';
import { EXIT, EXIT_OF, type ExitCode } from './exit-codes.ts';
import { jsonText, plain } from './output.ts';

/** The command line is wrong, or what it names. The message is one sentence that names it, and one with the mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What fails a command before anything was done, by names: importing the classes would load every driver. */
const USAGE = new Set([
  ...['UsageError', 'ConfigError', 'UntrustedFile', 'DirectoryError'],
  ...['OpenError', 'SchemaError', 'ServerError'],
]);

/** Those whose `code` is one of the core, or says that there was no answer. */
const CODED = new Set(['SymbolonError', 'CallFailed']);

const EXIT_BY_CODE: ReadonlyMap<string, ExitCode> = new Map(
  Object.entries({ ...EXIT_OF, unreachable: EXIT.unavailable, outcome_unknown: EXIT.unknown }),
);

/** Of system calls that lead to a server, and of a store whose disk fails or which others hold. */
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT'],
  'EIO',
]);
const UNREACHABLE_SQLITE = /^SQLITE_(IOERR|FULL|BUSY)/;

/** Names of errors that pass. */
const BUSY = new Set(['NoAnswer', 'DirectoryBusy']);

export interface Failure {
  readonly exit: ExitCode;
  /** As in ErrorInfo where a call was refused; else one of those that docs/command-line.md lists. */
  readonly reason: string;
  readonly message: string;
}

export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  if (code !== undefined) {
    return {
      exit: EXIT_BY_CODE.get(code) ?? EXIT.other,
      reason: code.toUpperCase(),
      message: (error as Error).message,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const causes = causesOf(error);
  if (causes.some(isUnreachable)) {
    return { exit: EXIT.unavailable, reason: 'UNAVAILABLE', message };
  }
  return causes.some((each) => each instanceof Error && USAGE.has(each.name))
    ? { exit: EXIT.usage, reason: 'USAGE', message }
    : { exit: EXIT.other, reason: 'FAILED', message };
}

/** The line for standard error. */
export function failureText({ exit, reason, message }: Failure, { json }: { readonly json: boolean }): string {
  return json ? `${jsonText({ error: { code: exit, reason, message } })}\n` : `error: ${plain(message)}\n`;
}

/** Whether scripts are to be told, also where the rest of the command line is wrong. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

/** Of a refusal of the core, here or at a server. */
function codeOf(error: unknown): string | undefined {
  const isRefusal = error instanceof Error && CODED.has(error.name) && 'code' in error;
  return isRefusal ? String(error.code) : undefined;
}

/** Whether only help or the version was asked for. */
export function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === EXIT.done;
}

function isUnreachable(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return (error instanceof Error && BUSY.has(error.name)) || isUnreachableCode(code);
}

function isUnreachableCode(code: unknown): boolean {
  return typeof code === 'string' && (UNREACHABLE.has(code) || UNREACHABLE_SQLITE.test(code));
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let each = error; each !== undefined && causes.length < 5; each = (each as { cause?: unknown } | null)?.cause) {
    causes.push(each);
  }
  return causes;
}
