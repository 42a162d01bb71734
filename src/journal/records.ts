import { parseExact, stringifyExact } from '../exact.ts'

/**
 * The lasting format of a run: NDJSON, the header first. A reader refuses any
 * other version by name, since it could not say what is settled. Since version 2
 * what an undo did stands in the undo's own run alone; since version 3 a
 * fingerprint has no dates in it.
 */
export const journalVersion = 3

export type RunCommand = 'delete' | 'import' | 'undo'

/** The first line of a run: who changed what, where, when (docs/contract.md#runs). */
export interface RunHeader {
  readonly v: typeof journalVersion
  readonly type: 'run'
  readonly run: string
  /** ISO 8601, UTC. */
  readonly when: string
  /** user@host */
  readonly who: string
  readonly command: RunCommand
  /** The place: base URL, mode and profile, or the sandbox and its mode. */
  readonly identity: string
  readonly key: { readonly masked: string; readonly hash: string }
  /** The run that this undo takes back: what it did is read from this run, and stands nowhere else. */
  readonly undoes?: string | undefined
  /** False with `--no-journal`: ids and outcomes alone are kept. */
  readonly personal: boolean
}

/** What is about to be done to one item. On disk before its request leaves. */
export interface Intent {
  /** What it is about, within its run: a customer's id, or the row of an import (`r17`). */
  readonly item: string
  /** Epoch ms. */
  readonly at: number
  /** The whole customer as the API sent it: what a delete could bring back. */
  readonly record?: Readonly<Record<string, unknown>> | undefined
  /** An import's row, as a hash. */
  readonly hash?: string | undefined
  /** Personal data stood here and was erased. */
  readonly forgotten?: true | undefined
}

export const outcomeNames = [
  'deleted',
  'notFound',
  'created',
  'skipped',
  'failed',
  'rejected',
  'notSent',
  'undecided',
] as const

export type OutcomeName = (typeof outcomeNames)[number]

/**
 * What became of an item. Of several outcomes the last one counts, since settling finds out later; none counts that
 * stands before the item's last intent, since that was sent after it.
 */
export interface Outcome {
  readonly item: string
  /** Epoch ms. */
  readonly at: number
  readonly outcome: OutcomeName
  /** The customer that an import created. */
  readonly id?: string | undefined
  /** The customer that an undo created in place of a deleted one. */
  readonly newId?: string | undefined
  /** Of the created customer, to see later whether it has changed. */
  readonly fingerprint?: string | undefined
  readonly code?: string | undefined
  readonly message?: string | undefined
}

/** The last line of a run that was closed: its counts, so that a list need not read all of it. */
export interface End {
  readonly at: number
  readonly items: number
  readonly done: number
}

export type Entry =
  | RunHeader
  | (Intent & { readonly type: 'intent' })
  | (Outcome & { readonly type: 'outcome' })
  | (End & { readonly type: 'end' })
  /** The second line of a run whose personal data was erased, all of it. */
  | { readonly type: 'forgotten'; readonly at: number }

/** What was asked for is so: the record is gone, the person is there. */
export function isDone({ outcome }: Outcome): boolean {
  return ['deleted', 'notFound', 'created', 'skipped'].includes(outcome)
}

/** A line of a run, with its `\n`; numbers by value. */
export function lineOf(entry: Entry): string {
  return `${stringifyExact(entry)}\n`
}

/** What a line says, or undefined where it is no line of a run (of this version). Numbers by value. */
export function parseEntry(text: string): Entry | undefined {
  let value: unknown
  try {
    value = parseExact(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
  const fields = value as Readonly<Record<string, unknown>>
  // The shape was checked: what else stands in it is kept, and looked at by nobody.
  return checks.get(fields.type)?.(fields) ? (value as Entry) : undefined
}

/** The version that a line claims, where it is the header of a run that an earlier or later orafi wrote. */
export function otherVersion(text: string): number | undefined {
  const found = /^\{"v":(\d+),"type":"run"/.exec(text)?.[1]
  return found === undefined || Number(found) === journalVersion ? undefined : Number(found)
}

type Fields = Readonly<Record<string, unknown>>

const isText = (value: unknown): value is string => typeof value === 'string'
const maybeText = (value: unknown): boolean => value === undefined || isText(value)
const isNumber = (value: unknown): boolean => typeof value === 'number'
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const checks = new Map<unknown, (fields: Fields) => boolean>([
  [
    'run',
    ({ v, run, when, who, command, identity, key, undoes, personal }) =>
      v === journalVersion &&
      [run, when, who, identity].every(isText) &&
      ['delete', 'import', 'undo'].includes(String(command)) &&
      isObject(key) &&
      [key.masked, key.hash].every(isText) &&
      maybeText(undoes) &&
      typeof personal === 'boolean',
  ],
  [
    'intent',
    ({ item, at, record, hash }) =>
      isText(item) && isNumber(at) && (record === undefined || isObject(record)) && maybeText(hash),
  ],
  [
    'outcome',
    ({ item, at, outcome, id, newId, fingerprint, code, message }) =>
      isText(item) &&
      isNumber(at) &&
      outcomeNames.some((name) => name === outcome) &&
      [id, newId, fingerprint, code, message].every(maybeText),
  ],
  ['end', ({ at, items, done }) => [at, items, done].every(isNumber)],
  ['forgotten', ({ at }) => isNumber(at)],
])
