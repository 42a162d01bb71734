import { type Node, nodesOf, spellings, stateFolder } from './completion.ts'
import type { OptionFacts, Reference, ValueFacts } from './describe.ts'

/**
 * Completion for bash, 3.2 and newer. All candidates are in the script: TAB starts no process. The functions that end
 * in `_of` are tables; the others read them.
 */
export function bashCompletion(reference: Reference): string {
  const nodes = nodesOf(reference)
  const globals = reference.globalOptions
  return `# Completion of orafi ${reference.version} for bash, made by: orafi completion bash

__orafi_commands_of() {
  case $1 in
${cases(nodes, ({ children }) => children.map(({ name }) => name))}
  esac
}

__orafi_options_of() {
  case $1 in
${cases(nodes, ({ options }) => options.flatMap(spellings))}
  esac
  echo ${words(globals.flatMap(spellings))}
}

# Sets kind and values for the option $2 of the command $1; an option that takes no value has no kind.
__orafi_value_of() {
  kind='' values=''
  case "$1 $2" in
${[
  ...nodes.flatMap(({ words: path, options }) => valueCases(`${path.join(' ')} `, options)),
  ...valueCases('* ', globals, '*'),
].join('\n')}
  esac
}

# Sets kind and values for the argument number $2 of the command $1.
__orafi_argument_of() {
  kind=text values=''
  case "$1 $2" in
${nodes.flatMap(argumentCases).join('\n')}
  esac
}
${reader}`
}

/** A case for every node with candidates. */
function cases(nodes: readonly Node[], offered: (node: Node) => readonly string[]): string {
  return nodes
    .map((node) => [node.words.join(' '), offered(node)] as const)
    .filter(([, some]) => some.length > 0)
    .map(([path, some]) => `    '${path}') echo ${words(some)} ;;`)
    .join('\n')
}

function valueCases(path: string, options: readonly OptionFacts[], any = ''): string[] {
  return options.flatMap((option) => {
    if (option.value === undefined) return []
    const patterns = spellings(option).map((one) => (any === '' ? `'${path}${one}'` : `${any}' ${one}'`))
    return [`    ${patterns.join('|')}) ${assignment(option.value)} ;;`]
  })
}

function argumentCases({ words: path, arguments: taken }: Node): string[] {
  return taken.flatMap((one, place) => {
    if (one.kind === 'text') return []
    return [`    '${path.join(' ')} ${place}') ${assignment(one)} ;;`]
  })
}

function assignment({ kind, choices }: ValueFacts): string {
  return choices.length === 0 ? `kind=${kind}` : `kind=${kind} values=${words(choices)}`
}

/** Words as one quoted shell word; none contains a quote. */
function words(some: readonly string[]): string {
  return `'${some.join(' ')}'`
}

const reader = String.raw`
# The ids of the runs on this machine, from file names.
__orafi_runs() {
  local file
  ${stateFolder}
  for file in "$folder"/runs/*.ndjson; do
    [[ -e $file ]] || continue
    file=\${file##*/}
    echo "\${file%.ndjson}"
  done
}

__orafi_offer() {
  local done=''
  case $kind in
    choice)
      COMPREPLY=($(compgen -W "$values" -- "$current"))
      if ((\${#COMPREPLY[@]} == 0)); then
        COMPREPLY=($(compgen -W "$values" -- "$(echo "$current" | tr '[:lower:]' '[:upper:]')"))
      fi
      ;;
    list)
      [[ $current == *,* ]] && done="\${current%,*},"
      COMPREPLY=($(compgen -P "$done" -W "$values" -- "\${current##*,}"))
      compopt -o nospace 2>/dev/null
      ;;
    run) COMPREPLY=($(compgen -W "$(__orafi_runs)" -- "$current")) ;;
    file) compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}

_orafi() {
  local IFS=$' \t\n' current=\${COMP_WORDS[COMP_CWORD]} command='' option='' ended='' place=0 at word kind values
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    # bash splits --mode=test into three words.
    [[ $word == '=' ]] && continue
    if [[ -n $option ]]; then
      option=''
    elif [[ $word == -- ]]; then
      ended=yes
    elif [[ $word == -* && -z $ended ]]; then
      __orafi_value_of "$command" "$word"
      [[ -n $kind ]] && option=$word
    elif [[ " $(__orafi_commands_of "$command") " == *" $word "* ]]; then
      command="\${command:+$command }$word"
    else
      ((place += 1))
    fi
  done
  if [[ -n $option ]]; then
    [[ $current == '=' ]] && current=''
    __orafi_value_of "$command" "$option"
    __orafi_offer
  elif [[ $current == -* && -z $ended ]]; then
    COMPREPLY=($(compgen -W "$(__orafi_options_of "$command")" -- "$current"))
  elif [[ -n $(__orafi_commands_of "$command") ]]; then
    ((place == 0)) && COMPREPLY=($(compgen -W "$(__orafi_commands_of "$command")" -- "$current"))
  else
    __orafi_argument_of "$command" "$place"
    __orafi_offer
  fi
}

complete -F _orafi orafi
`.replaceAll('\\$', '$')
