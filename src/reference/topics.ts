import { Help } from '@commander-js/extra-typings'
import { exitCodes } from '../errors.ts'
import type { TopicName } from './layout.ts'

/** One or more environment variables and their meaning. */
export interface Variable {
  readonly names: readonly string[]
  readonly meaning: string
}

/** All environment variables (docs/contract.md#environment). */
export const environment: readonly Variable[] = [
  { names: ['ORAFI_API_KEY'], meaning: 'the API key to use, instead of a stored one' },
  {
    names: ['ORAFI_PROFILE'],
    meaning: 'the profile to use; with ORAFI_API_KEY, the profile name in the journal',
  },
  {
    names: ['ORAFI_BASE_URL'],
    meaning: 'base URL of the API: https, or http on this machine (default: https://api.orafi.app)',
  },
  { names: ['ORAFI_CONFIG_DIR'], meaning: 'folder for keys and profiles' },
  { names: ['ORAFI_STATE_DIR'], meaning: 'folder for the journal and the sandbox' },
  {
    names: ['ORAFI_READ_ONLY'],
    meaning: '1 or true: never send a change',
  },
  { names: ['ORAFI_SANDBOX'], meaning: '1 or true: same as --sandbox' },
  { names: ['ORAFI_DEBUG'], meaning: '1 or true: same as --debug' },
  {
    names: ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
    meaning: 'proxy settings; requests to this machine never use a proxy. Write % in a password as %25',
  },
  {
    names: ['NODE_EXTRA_CA_CERTS'],
    meaning: 'a PEM file of additional certificate authorities to trust',
  },
  {
    names: ['NO_COLOR', 'FORCE_COLOR'],
    meaning: 'turn colour off, or on in pipes too',
  },
  {
    names: ['ACCESSIBLE'],
    meaning:
      'if set and not 0 or false: plain lines for screen readers, without colour, symbols, spinners, redrawing or cursor keys. TERM=dumb, or no TERM except on Windows: the same',
  },
  { names: ['CI'], meaning: 'if set and not 0 or false: no prompts and no animation' },
]

/** A paragraph, a list of terms with their meaning, or command lines. */
export type Block =
  | string
  | { readonly items: readonly (readonly [term: string, text: string])[] }
  | { readonly commands: readonly string[] }

/** A help topic, for the terminal, the man page and docs/. */
export interface Topic {
  readonly name: TopicName
  readonly title: string
  readonly blocks: readonly Block[]
}

/** All topics except `sandbox`, which is the help of the command of that name. */
export const topics: readonly Topic[] = [
  {
    name: 'exit-codes',
    title: 'Exit codes',
    blocks: [
      'Every command exits with one of these codes. The help of each command says what they mean there.',
      {
        items: exitCodes.map(({ exit, code, meaning }) => [
          String(exit),
          code === undefined ? meaning : `${code}: ${meaning}`,
        ]),
      },
      'With --json or --ndjson, an error is one line of JSON, the last line on stderr: {"error":{"code","message","status"?,"hint"?}}. Otherwise it is "error: …", and "hint: …" says what to do next.',
      {
        commands: [
          'orafi customers get nobody --json 2> error.json || jq -r .error.code error.json',
          'orafi customers delete cmjr4c7qq0000v8hozkzz4em5 --yes; test $? -eq 3 && echo "already gone"',
        ],
      },
    ],
  },
  {
    name: 'environment',
    title: 'Environment',
    blocks: [
      { items: environment.map(({ names, meaning }) => [names.join(', '), meaning]) },
      'The key is chosen in this order: --sandbox or ORAFI_SANDBOX (no key), --profile, ORAFI_API_KEY, ORAFI_PROFILE, the default profile. The key decides the mode. --test and --live select a key of the profile; with ORAFI_API_KEY they check its mode.',
      'With ORAFI_API_KEY, list, count, get and find do not read or write any of your files.',
      { commands: ['ORAFI_SANDBOX=1 orafi customers list', 'orafi whoami'] },
    ],
  },
  {
    name: 'formats',
    title: 'Formats',
    blocks: [
      'stdout carries only data; notes, prompts, progress and errors go to stderr. Use at most one of --json, --ndjson, --csv and --table.',
      {
        items: [
          ['on a terminal', 'a table fitted to its width; ids are never shortened'],
          ['in a pipe', 'tab-separated values, one record per line, no header, nothing shortened'],
          ['--json', 'one document, even if a listing fails midway; indented on a terminal'],
          ['--ndjson', 'one record per line as results arrive'],
          ['--table', 'a table in a pipe too, COLUMNS or 80 wide, for watch and less'],
          ['--csv', "RFC 4180 with a header; --excel-safe for Excel, --delimiter ';' for another delimiter"],
        ],
      },
      '--fields id,email selects and orders columns in every format: id, firstname, lastname, email, mode, totalSpent, createdAt, updatedAt. --csv and --fields work for commands that print customers.',
      'list and find print {"data":[…],"hasNextPage","nextCursor"} with --json; the help of each command says what it prints. Customers keep every field that the API sent, known or not, and every digit of a number.',
      'Text from the API is untrusted: control characters are shown as \\x1b; JSON escapes them.',
      {
        commands: [
          'orafi customers list --all --ndjson | jq -r .email',
          'orafi customers list --all --table | less',
          'orafi customers list --all --csv --excel-safe > customers.csv',
        ],
      },
    ],
  },
  {
    name: 'safety',
    title: 'Safety',
    blocks: [
      'Orafi cannot restore a deleted customer, and its transactions are left without a customer. So delete fetches every record, shows it and asks for confirmation. With a live key, or if a record was seen in live mode, you type the e-mail, or the number of records if there are several. --dry-run only shows what would be deleted.',
      'With --yes:',
      {
        items: [
          ['--live', 'is required to change anything with a live key'],
          ['--include-spenders', 'is required to delete a customer who has spent money'],
          ['--max-delete N', 'is required to delete more than 100 records'],
        ],
      },
      'Under a test key, a record seen in live mode is never deleted; nor, under any key, is one whose mode or totalSpent cannot be read. If one record fails a check, nothing is deleted. Without --yes and without a terminal, a command that needs confirmation exits with 2 and changes nothing.',
      'Each record is fetched again just before its deletion; if its name, e-mail, mode or totalSpent has changed since it was shown, it is left out (exit 6). A create is never sent twice; if its response is lost, the command exits with 8.',
      'Every delete, import and undo is a run, written to the journal before its requests are sent. "orafi runs undo" undoes it as far as the API allows. "orafi runs forget" permanently erases personal data from the journal; with --no-journal, it is never written.',
      'A profile created with "orafi login --read-only", or ORAFI_READ_ONLY=1, never sends a change. No flag takes a key, and a stored key is only sent to the base URL it was checked with.',
      {
        commands: [
          'orafi customers delete --ids-from old.csv --dry-run',
          'orafi customers delete --ids-from old.csv --yes --live --max-delete 500',
          'orafi runs undo 20260301-120000-k3f9',
        ],
      },
    ],
  },
]

/** Wraps a text at `width` characters; lines after the first are indented by `indent` spaces. */
function wrapped(text: string, width: number, indent = 0): string {
  // Commander leaves texts as they are on narrow terminals.
  const help = Object.assign(new Help(), { minWidthToWrap: 0 })
  return help.boxWrap(text, Math.max(0, width - indent)).replaceAll('\n', `\n${' '.repeat(indent)}`)
}

/** A topic as text, wrapped at `width` characters. */
export function topicText(topic: Topic, width: number): string {
  return `${topic.title}\n\n${topic.blocks.map((block) => blockText(block, width)).join('\n\n')}\n`
}

/** Terms up to this many characters are printed beside their text, longer ones above it. */
const longestBeside = 18

function blockText(block: Block, width: number): string {
  if (typeof block === 'string') return wrapped(block, width)
  if ('commands' in block) return block.commands.map((line) => `  $ ${line}`).join('\n')
  const terms = block.items.map(([term]) => term.length).filter((length) => length <= longestBeside)
  const indent = Math.max(...terms) + 4
  return block.items
    .map(([term, text]) => {
      const beside =
        term.length <= longestBeside ? `  ${term.padEnd(indent - 2)}` : `  ${term}\n${' '.repeat(indent)}`
      return beside + wrapped(text, width, indent)
    })
    .join('\n')
}
