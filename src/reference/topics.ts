import { exitCodes } from '../errors.ts'
import type { TopicName } from './layout.ts'

/** An environment variable that is read, or several of one meaning, and what it does. */
export interface Variable {
  readonly names: readonly string[]
  readonly meaning: string
}

/** All that are read (docs/contract.md#environment). */
export const environment: readonly Variable[] = [
  { names: ['ORAFI_API_KEY'], meaning: 'the key to use; it goes before stored ones' },
  {
    names: ['ORAFI_PROFILE'],
    meaning: 'the profile to use; with ORAFI_API_KEY, the name under which changes are journaled',
  },
  {
    names: ['ORAFI_BASE_URL'],
    meaning: 'where the API is: https, or http on this machine (default: https://api.orafi.app)',
  },
  { names: ['ORAFI_CONFIG_DIR'], meaning: 'the folder where keys and profiles are kept' },
  { names: ['ORAFI_STATE_DIR'], meaning: 'the folder where the journal and the sandbox are kept' },
  {
    names: ['ORAFI_READ_ONLY'],
    meaning: '1 or true: no change is sent, whatever the command; empty, 0 or false: as ever',
  },
  { names: ['ORAFI_SANDBOX'], meaning: '1 or true: as if every command said --sandbox' },
  { names: ['ORAFI_DEBUG'], meaning: '1 or true: as if every command said --debug' },
  {
    names: ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
    meaning:
      'as everywhere; this machine itself is never behind the proxy. A % in a password is written %25 there',
  },
  {
    names: ['NODE_EXTRA_CA_CERTS'],
    meaning: 'a PEM file of authorities whose certificates are trusted, besides the public ones',
  },
  {
    names: ['NO_COLOR', 'FORCE_COLOR'],
    meaning: 'no colour; colour in pipes too. TERM=dumb: no colour, and nothing moves',
  },
  { names: ['CI'], meaning: 'when set and not 0 or false: nothing asks, nothing moves' },
]

/** A paragraph, a list of terms and what they mean, or command lines. */
export type Block =
  | string
  | { readonly items: readonly (readonly [term: string, text: string])[] }
  | { readonly commands: readonly string[] }

/** What is explained, for a terminal, the man page and docs/ alike. */
export interface Topic {
  readonly name: TopicName
  readonly title: string
  readonly blocks: readonly Block[]
}

/** All but `sandbox`, which stands in the help of the command of that name. */
export const topics: readonly Topic[] = [
  {
    name: 'exit-codes',
    title: 'Exit codes',
    blocks: [
      'Every command ends with one of these. What a code means for one command in particular stands in its help.',
      {
        items: exitCodes.map(({ exit, code, meaning }) => [
          String(exit),
          code === undefined ? meaning : `${code}: ${meaning}`,
        ]),
      },
      'With --json or --ndjson an error is one line of JSON, the last on stderr: {"error":{"code","message","status"?,"hint"?}}. Without, it is "error: …", and "hint: …" says what to do next.',
      {
        commands: [
          'orafi customers get nobody --json 2> error.json || jq -r .error.code error.json',
          'orafi customers delete cmjr4c7qq0000v8hozkzz4em5 --yes; test $? -eq 3 && echo "it was gone already"',
        ],
      },
    ],
  },
  {
    name: 'environment',
    title: 'Environment',
    blocks: [
      { items: environment.map(({ names, meaning }) => [names.join(', '), meaning]) },
      'Which key is used: --sandbox or ORAFI_SANDBOX goes before all keys; then --profile as a flag, ORAFI_API_KEY, ORAFI_PROFILE, the default profile. The key decides the mode; --test and --live pick the key of a profile, and insist where the key comes from the environment.',
      'With ORAFI_API_KEY, list, get and find read and write no file of yours.',
      { commands: ['ORAFI_SANDBOX=1 orafi customers list', 'orafi whoami'] },
    ],
  },
  {
    name: 'formats',
    title: 'Formats',
    blocks: [
      'stdout carries data and nothing else; notes, questions, progress and errors are on stderr. The three flags exclude each other.',
      {
        items: [
          ['on a terminal', 'a table fitted to its width, in which ids and e-mails are never cut'],
          ['in a pipe', 'tab-separated values, one record a line, no header, nothing cut'],
          ['--json', 'one document, also where a listing fails midway; indented on a terminal'],
          ['--ndjson', 'one record a line, as they arrive'],
          ['--csv', 'RFC 4180 with a header; --excel-safe guards cells that a spreadsheet would run'],
        ],
      },
      '--fields id,email picks and orders columns in all of them: id, firstname, lastname, email, mode, totalSpent, createdAt, updatedAt. --csv and --fields work where customers are printed.',
      'list and find print {"data":[…],"hasNextPage","nextCursor"} with --json; every command says in its help what it prints. Customers keep every field that the API sent, unknown ones too, and every digit of a number.',
      'Text from the API is untrusted: control characters are shown as \\x1b, never obeyed; JSON escapes them.',
      {
        commands: [
          'orafi customers list --all --ndjson | jq -r .email',
          'orafi customers list --all --csv --excel-safe > customers.csv',
        ],
      },
    ],
  },
  {
    name: 'safety',
    title: 'Safety',
    blocks: [
      'Orafi cannot bring a deleted customer back, and its transactions lose their customer. So delete fetches every record, shows it and asks. With a live key, or for a record that was seen in live mode, the e-mail has to be typed, or the number of records when there are several. --dry-run shows and stops.',
      'With --yes, or where nobody can be asked:',
      {
        items: [
          ['--live', 'has to be said for a live key to change anything'],
          ['--include-spenders', 'has to be said for a record that has spent'],
          ['--max-delete N', 'has to be said for more than 100 records'],
        ],
      },
      'A record seen in live mode stays under a test key, and one whose mode or totalSpent cannot be read stays under either. If any of this stops one record, nothing is deleted. Without --yes and with nobody to ask, a command that would ask ends with 2 and changes nothing.',
      'Just before its deletion each record is fetched again: one whose name, e-mail, mode or totalSpent has changed since it was shown is left out (6). A create is never sent twice; where its answer was lost, exit code 8 says so.',
      'Every delete, import and undo is a run in the journal, written before its requests leave: "orafi runs undo" goes back as far as the API allows. "orafi runs forget" erases personal data from the journal for good; --no-journal never writes it.',
      'A profile made with "orafi login --read-only", or ORAFI_READ_ONLY=1, sends no change at all. There is no flag that takes a key, and keys are sent only where they were checked.',
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

/** Words in lines of at most `width` characters; the lines after the first are indented by `indent` blanks. */
export function wrapped(text: string, width: number, indent = 0): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const room = width - indent
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}

/** A topic for a terminal of so many characters. */
export function topicText(topic: Topic, width: number): string {
  return `${topic.title}\n\n${topic.blocks.map((block) => blockText(block, width)).join('\n\n')}\n`
}

/** Terms up to this many characters stand beside their text, longer ones above it. */
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
