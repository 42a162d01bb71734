import scripts from './completion.json' with { type: 'json' }
import { inCapitals, type Node, nodesOf, spellings } from './completion.ts'
import type { ArgumentFacts, OptionFacts, Reference, ValueFacts } from './describe.ts'

/**
 * Completion for zsh with its `_arguments`: one function per command. All candidates are in the script: TAB starts no
 * process.
 */
export function zshCompletion(reference: Reference): string {
  return `#compdef orafi
# Completion of orafi ${reference.version} for zsh, made by: orafi completion zsh

__orafi_global=(
${reference.globalOptions.map((option) => `  ${optionSpec(option)}`).join('\n')}
)

${scripts.zsh.join('\n')}
${nodesOf(reference).map(functionOf).join('\n')}
# Autoloaded from fpath, the function runs now; sourced, it is only registered.
if [[ $funcstack[1] == _orafi ]]; then
  _orafi "$@"
else
  compdef _orafi orafi
fi
`
}

function functionOf(node: Node): string {
  const { words, options, children } = node
  const specs = [...options.map(optionSpec), ...(children.length > 0 ? [] : node.arguments.map(argumentSpec))]
  const own = specs.map((spec) => `    ${spec} \\\n`).join('')
  if (children.length === 0) {
    return `${nameOf(words)}() {\n  _arguments -s -S \\\n${own}    $__orafi_global\n}\n`
  }
  return `${nameOf(words)}() {
  local curcontext=$curcontext state line ret=1
  _arguments -C -s -S \\
${own}    $__orafi_global \\
    '1: :->command' '*::: :->rest' && ret=0
  case $state in
    command)
      local -a commands=(
${children.map(({ name, summary }) => `        ${quoted(`${name}:${summary}`)}`).join('\n')}
      )
      _describe -t commands command commands && ret=0
      ;;
    rest)
      words=($line[1] "\${(@)words}")
      ((CURRENT += 1))
      (( $+functions[${nameOf(words)}_$line[1]] )) && ${nameOf(words)}_$line[1] && ret=0
      ;;
  esac
  return ret
}
`
}

function nameOf(words: readonly string[]): string {
  return ['_orafi', ...words].join('_')
}

/** `'(-y --yes)'{-y,--yes}'[skip confirmation]'`; a value may also follow `=`. */
function optionSpec(option: OptionFacts): string {
  const text = `[${escaped(option.description)}]`
  const value = option.value === undefined ? '' : `:${option.value.name}:${action(option.value)}`
  const all = spellings(option)
  const equals = option.value === undefined ? '' : '='
  if (all.length === 1) return quoted(`${option.long}${equals}${text}${value}`)
  return `${quoted(`(${all.join(' ')})`)}{${all.map((one) => one + (one === option.long ? equals : '')).join(',')}}${quoted(text + value)}`
}

function argumentSpec(argument: ArgumentFacts): string {
  const place = argument.variadic ? '*' : ''
  const optional = argument.required || argument.variadic ? '' : ':'
  return quoted(`${place}:${optional}${argument.name}:${action(argument)}`)
}

/** The zsh action that completes a value; a blank only shows its name. */
function action({ kind, choices }: ValueFacts): string {
  if (kind === 'file') return '_files'
  if (kind === 'run') return '__orafi_runs'
  if (kind === 'list') return `_values -s , value ${choices.join(' ')}`
  if (kind !== 'choice') return ' '
  return inCapitals(choices) ? `__orafi_capitals ${choices.join(' ')}` : `(${choices.join(' ')})`
}

/** Escapes text in brackets and between colons. */
function escaped(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, '\\$&')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
