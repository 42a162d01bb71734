import scripts from './completion.json' with { type: 'json' }
import { type Node, nodesOf, spellings } from './completion.ts'
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

${scripts.bash.join('\n')}`
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
