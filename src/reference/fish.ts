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
${readers}
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

const readers = String.raw`
# Whether the line is about a command: __orafi_in customers list
function __orafi_in
    set -l words (__orafi_words)
    set -l depth (count $argv)
    test (count $words) -ge $depth
    and test "$words[1..$depth]" = "$argv"
end

# Whether exactly this many words follow a command: __orafi_at 0 customers
function __orafi_at
    set -l place $argv[1]
    set -l command $argv[2..-1]
    set -l words (__orafi_words)
    set -l depth (count $command)
    test (count $words) -eq (math $depth + $place)
    or return 1
    test $depth -eq 0
    or test "$words[1..$depth]" = "$command"
end

# Completes a comma-separated list, without the values it already has.
function __orafi_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for value in $argv
        contains -- $value (string split , -- $typed)
        or echo $before$value
    end
end

# The ids of the runs on this machine, newest first, from file names.
function __orafi_runs
    set -l folder $ORAFI_STATE_DIR
    if test -z "$folder"
        if test (uname) = Darwin
            set folder "$HOME/Library/Application Support/orafi"
        else if set -q XDG_DATA_HOME
            set folder $XDG_DATA_HOME/orafi
        else
            set folder $HOME/.local/share/orafi
        end
    end
    set -l files $folder/runs/*.ndjson
    string replace -r '.*/(.*)\.ndjson$' '$1' -- $files[-1..1]
end
`
