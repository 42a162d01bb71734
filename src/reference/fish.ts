import scripts from './completion.json' with { type: 'json' }
import { type Node, nodesOf, spellings } from './completion.ts'
import type { OptionFacts, Reference, ValueFacts } from './describe.ts'

/** Completion for fish, 3.4 and newer. All candidates are in the script: TAB starts no process. */
export function fishCompletion(reference: Reference): string {
  const nodes = nodesOf(reference)
  const globals = reference.globalOptions
  const valued = [...globals, ...nodes.flatMap(({ options }) => options)].filter(
    (one) => one.value !== undefined,
  )
  return `# Completion of orafi ${reference.version} for fish, made by: orafi completion fish

# The words before the cursor that are neither options nor their values.
function __orafi_words
    set -l tokens (commandline -opc)
    set -l skip no
    for token in $tokens[2..-1]
        if test $skip = yes
            set skip no
            continue
        end
        switch $token
            case ${[...new Set(valued.flatMap(spellings))].join(' ')}
                set skip yes
            case '-*'
            case '*'
                echo $token
        end
    end
end

${scripts.fish.join('\n')}
complete -c orafi -f
${globals.map((option) => optionLine(option, '')).join('\n')}
${nodes.map(linesOf).join('\n')}
`
}

function linesOf({ words, children, options, arguments: taken }: Node): string {
  const at = (place: number): string => ['__orafi_at', place, ...words].join(' ')
  return [
    ...children.map(
      ({ name, summary }) => `complete -c orafi -n '${at(0)}' -a ${name} -d ${quoted(summary)}`,
    ),
    ...options.map((option) => optionLine(option, ['__orafi_in', ...words].join(' '))),
    ...taken.flatMap((one, place) => {
      const offered = offer(one)
      return children.length > 0 || offered === '' ? [] : [`complete -c orafi -n '${at(place)}' ${offered}`]
    }),
  ].join('\n')
}

function optionLine({ long, short, description, value }: OptionFacts, condition: string): string {
  return [
    'complete -c orafi',
    condition === '' ? '' : `-n '${condition}'`,
    short === undefined ? '' : `-s ${short.slice(1)}`,
    `-l ${long.slice(2)}`,
    value === undefined ? '' : `${value.kind === 'file' ? '-r' : '-x'} ${offer(value)}`.trim(),
    `-d ${quoted(description)}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function offer({ kind, choices }: ValueFacts): string {
  if (kind === 'file') return '-F'
  if (kind === 'run') return "-k -a '(__orafi_runs)'"
  if (kind === 'list') return `-a '(__orafi_list ${choices.join(' ')})'`
  return kind === 'choice' ? `-a '${choices.join(' ')}'` : ''
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
