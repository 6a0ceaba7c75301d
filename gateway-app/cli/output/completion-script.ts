// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { shellQuote } from './shell-quote';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A word that may come next, and what it means. */
interface Word {
  readonly text: string;
  readonly means: string;
}

/** A command by its whole name, and the words that may follow it. */
interface Place {
  readonly name: string;
  readonly words: readonly Word[];
}

/**
 * A script by which a shell completes commands and options. It holds them all, so that completing starts no program.
 *
 * @param program - the whole command
 */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, program.name(), []);
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
  return scripts[shell](program.name(), places);
}

function placesOf(command: Command, name: string, inherited: readonly Word[]): readonly Place[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const own = help.visibleOptions(command).flatMap(({ long, description }) => {
    return long === undefined ? [] : [{ text: long, means: description }];
  });
  const options = [...own, ...inherited.filter(({ text }) => !own.some((option) => option.text === text))];
  const words = [...children.map((child) => ({ text: child.name(), means: child.description() })), ...options];
  return [{ name, words }, ...children.flatMap((child) => placesOf(child, `${name} ${child.name()}`, options))];
}

/** Lines of a `case` in a POSIX shell: the names of all commands, by which the place is found in what was typed. */
function steps(places: readonly Place[]): string {
  return places.map(({ name }) => shellQuote(name)).join('|');
}

function bashScript(program: string, places: readonly Place[]): string {
  const cases = places.map(({ name, words }) => {
    const texts = words.map(({ text }) => text).join(' ');
    return `    ${shellQuote(name)}) words=${shellQuote(texts)} ;;`;
  });
  return `_${program}() {
  local place=${program} words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in ${steps(places)}) place="$place $word" ;; esac
  done
  case $place in
${cases.join('\n')}
  esac
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _${program} ${program}`;
}

function zshScript(program: string, places: readonly Place[]): string {
  const cases = places.map(({ name, words }) => {
    const described = words.map(({ text, means }) => shellQuote(`${text.replaceAll(':', '\\:')}:${means}`));
    return `    ${shellQuote(name)}) found=(${described.join(' ')}) ;;`;
  });
  return `#compdef ${program}
_${program}() {
  local place=${program} word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in ${steps(places)}) place="$place $word" ;; esac
  done
  case $place in
${cases.join('\n')}
  esac
  _describe -o ${program} found || _files
}
compdef _${program} ${program}`;
}

function fishScript(program: string, places: readonly Place[]): string {
  const names = places.map(({ name }) => fishQuote(name)).join(' ');
  const lines = places.flatMap(({ name, words }) =>
    words.map(({ text, means }) => {
      const what = text.startsWith('--') ? `-l ${fishQuote(text.slice(2))}` : `-f -a ${fishQuote(text)}`;
      const where = fishQuote(`test (__${program}_place) = ${fishQuote(name)}`);
      return `complete -c ${program} -n ${where} ${what} -d ${fishQuote(means)}`;
    }),
  );
  return `function __${program}_place
  set -l place ${program}
  for word in (commandline -opc)[2..-1]
    contains -- "$place $word" ${names}; and set place "$place $word"
  end
  echo $place
end
${lines.join('\n')}`;
}

/** A text as one word of fish, where only a backslash and the quote itself are special between quotes. */
function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
