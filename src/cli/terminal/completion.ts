/**
 * `symbolon completion`: what the shell offers when somebody presses the tab key, from commander's own tree. The scripts of the shells are
 * short, and evaluate nothing of what was typed (decision 0113).
 */
import { Argument, Command, type Option } from 'commander';
import { isGroup } from './tree.ts';

/** A word to offer, and what it means. */
export type Candidate = readonly [word: string, meaning: string];

export interface Offer {
  readonly candidates: readonly Candidate[];
  /** Whether the shell shall offer files. */
  readonly files: boolean;
}

/** Values that are known only when they are asked for, by the name of their option. */
export type KnownValues = Readonly<Record<string, () => readonly string[]>>;

const SCRIPTS = {
  bash: `# bash completion of symbolon
_symbolon() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = :files ]; then
      compopt -o default
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _symbolon symbolon
`,
  zsh: `#compdef symbolon
_symbolon() {
  local line files=
  local -a found
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      files=1
    elif [[ -n $line ]]; then
      found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( \${#found} )) && _describe -t symbolon symbolon found
  [[ -n $files ]] && _files
}
if [[ $funcstack[1] == _symbolon ]]; then
  _symbolon
else
  compdef _symbolon symbolon
fi
`,
  fish: `# fish completion of symbolon
function __symbolon_complete
  set -l words (commandline -opc)
  for line in ($words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c symbolon -f -a '(__symbolon_complete)'
`,
} as const;

type Shell = keyof typeof SCRIPTS;

const SHELLS = Object.keys(SCRIPTS) as Shell[];

const INSTALLING = `
bash:  symbolon completion bash > ~/.local/share/bash-completion/completions/symbolon
       or, in ~/.bashrc: source <(symbolon completion bash)
zsh:   symbolon completion zsh > a file _symbolon in a directory of $fpath
       or, in ~/.zshrc after compinit: source <(symbolon completion zsh)
fish:  symbolon completion fish > ~/.config/fish/completions/symbolon.fish`;

/** Adds `completion`, and the hidden command that its scripts call. */
export function withCompletion(program: Command, known: KnownValues = {}): Command {
  const completion = new Command('completion')
    .description('print a script by which a shell completes commands, flags and choices')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(SHELLS))
    .addHelpText('after', INSTALLING)
    .action((shell: Shell) => {
      process.stdout.write(SCRIPTS[shell]);
    });
  const complete = new Command('complete').argument('[words...]').action((words: string[]) => {
    const { candidates, files } = offerFor(program, words, known);
    const lines = candidates.map(([word, meaning]) => `${word}\t${meaning}`);
    process.stdout.write([...lines, ...(files ? [':files'] : [])].map((line) => `${line}\n`).join(''));
  });
  return program.addCommand(completion).addCommand(complete, { hidden: true });
}

/** What may stand in place of the last word. */
export function offerFor(program: Command, words: readonly string[], known: KnownValues = {}): Offer {
  // bash takes `--flag=value` apart.
  const [last = '', ...before] = [...words].reverse();
  const typed = last === '=' ? '' : last;
  const { command, pending, path } = walk(program, last === '=' ? words : before.reverse());
  if (pending !== undefined) {
    return starting(typed, valuesOf(pending, known));
  }
  const [flag = '', value] = typed.split(/=(.*)/s);
  if (typed.startsWith('--') && value !== undefined) {
    const option = findOption(program, command, flag);
    const { candidates } = option === undefined ? NOTHING : starting(value, valuesOf(option, known));
    return { candidates: candidates.map(([word, meaning]) => [`${flag}=${word}`, meaning] as const), files: false };
  }
  if (typed.startsWith('-')) {
    return starting(typed, { candidates: optionsOf(program, command), files: false });
  }
  if (command.name() === 'help' && command.parent === program) {
    return starting(typed, namesIn(path.reduce((at, word) => findCommand(at, word) ?? at, program)));
  }
  return starting(typed, isGroup(command) ? namesIn(command) : argumentOf(command, path.length));
}

const NOTHING: Offer = { candidates: [], files: false };

interface Position {
  readonly command: Command;
  /** The option whose value comes next. */
  readonly pending: Option | undefined;
  /** Arguments of the command so far. */
  readonly path: readonly string[];
}

function walk(program: Command, words: readonly string[]): Position {
  let command = program;
  let pending: Option | undefined;
  const path: string[] = [];
  for (const word of words) {
    if (word === '=') {
      continue;
    }
    if (pending !== undefined) {
      pending = undefined;
    } else if (word.startsWith('-')) {
      const option = word.includes('=') ? undefined : findOption(program, command, word);
      pending = option?.required === true ? option : undefined;
    } else if (isGroup(command)) {
      command = findCommand(command, word) ?? command;
    } else {
      path.push(word);
    }
  }
  return { command, pending, path };
}

function findCommand(command: Command, name: string): Command | undefined {
  return command.commands.find((each) => each.name() === name);
}

function findOption(program: Command, command: Command, flag: string): Option | undefined {
  return [...command.options, ...program.options].find(({ long, short }) => flag === long || flag === short);
}

function optionsOf(program: Command, command: Command): Candidate[] {
  const own = isGroup(command) ? [] : command.options;
  const shared = program.options.filter(({ long }) => command === program || long === '--context');
  const help: Candidate = ['--help', 'display help for command'];
  return [...[...own, ...shared].map(({ long, flags, description }) => [long ?? flags, description] as const), help];
}

function namesIn(command: Command): Offer {
  const visible = command.createHelp().visibleCommands(command);
  return { candidates: visible.map((each) => [each.name(), each.description()]), files: false };
}

/** A file by its placeholder; a switch by its values. */
function valuesOf(option: Option, known: KnownValues): Offer {
  const placeholder = /[<[](.+?)[\]>]/.exec(option.flags)?.[1] ?? '';
  const words =
    option.argChoices ?? known[option.attributeName()]?.() ?? (placeholder === 'on|off' ? ['on', 'off'] : []);
  return { candidates: words.map((word) => [word, '']), files: /\b(file|directory)\b/.test(placeholder) };
}

function argumentOf(command: Command, at: number): Offer {
  const declared = command.registeredArguments;
  const argument = declared[at] ?? (declared.at(-1)?.variadic === true ? declared.at(-1) : undefined);
  return { candidates: (argument?.argChoices ?? []).map((word) => [word, '']), files: false };
}

function starting(typed: string, { candidates, files }: Offer): Offer {
  return { candidates: candidates.filter(([word]) => word.startsWith(typed)), files };
}
