import * as v from 'valibot'
import { parseExact, stringifyExact } from '../exact.ts'

/**
 * The lasting format of a run: NDJSON, the header first. A reader refuses any other version by name, since it could not
 * say what is settled. Since version 2 what an undo did stands in the undo's own run alone; since version 3 a
 * fingerprint has no dates in it.
 */
export const journalVersion = 3

const maybeText = v.optional(v.string())

/** The first line of a run: who changed what, where, when (docs/contract.md#runs). */
const header = v.object({
  v: v.literal(journalVersion),
  type: v.literal('run'),
  run: v.string(),
  /** ISO 8601, UTC. */
  when: v.string(),
  /** user@host */
  who: v.string(),
  command: v.picklist(['delete', 'import', 'undo']),
  /** The place: base URL, mode and profile, or the sandbox and its mode. */
  identity: v.string(),
  key: v.object({ masked: v.string(), hash: v.string() }),
  /** The run that this undo takes back: what it did is read from this run, and stands nowhere else. */
  undoes: maybeText,
  /** False with `--no-journal`: ids and outcomes alone are kept. */
  personal: v.boolean(),
})

/** What is about to be done to one item. On disk before its request leaves. */
const intent = v.object({
  type: v.literal('intent'),
  /** What it is about, within its run: a customer's id, or the row of an import (`r17`). */
  item: v.string(),
  /** Epoch ms. */
  at: v.number(),
  /** The whole customer as the API sent it: what a delete could bring back. */
  record: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject)),
  /** An import's row, as a hash. */
  hash: maybeText,
  /** Personal data stood here and was erased. */
  forgotten: v.optional(v.boolean()),
})

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

/**
 * What became of an item. Of several outcomes the last one counts, since settling finds out later; none counts that
 * stands before the item's last intent, since that was sent after it.
 */
const outcome = v.object({
  type: v.literal('outcome'),
  item: v.string(),
  /** Epoch ms. */
  at: v.number(),
  outcome: v.picklist(outcomeNames),
  /** The customer that an import created. */
  id: maybeText,
  /** The customer that an undo created in place of a deleted one. */
  newId: maybeText,
  /** Of the created customer, to see later whether it has changed. */
  fingerprint: maybeText,
  code: maybeText,
  message: maybeText,
})

const entry = v.variant('type', [
  header,
  intent,
  outcome,
  /** The last line of a run that was closed: its counts, so that a list need not read all of it. */
  v.object({ type: v.literal('end'), at: v.number(), items: v.number(), done: v.number() }),
  /** The second line of a run whose personal data was erased, all of it. */
  v.object({ type: v.literal('forgotten'), at: v.number() }),
])

export type Entry = Readonly<v.InferOutput<typeof entry>>
export type RunHeader = Readonly<v.InferOutput<typeof header>>
export type RunCommand = RunHeader['command']
export type Intent = Readonly<Omit<v.InferOutput<typeof intent>, 'type'>>
export type OutcomeName = Outcome['outcome']
export type Outcome = Readonly<Omit<v.InferOutput<typeof outcome>, 'type'>>

/** What was asked for is so: the record is gone, the person is there. */
export function isDone({ outcome }: Outcome): boolean {
  return ['deleted', 'notFound', 'created', 'skipped'].includes(outcome)
}

/** A line of a run, with its `\n`; numbers by value. */
export function lineOf(line: Entry): string {
  return `${stringifyExact(line)}\n`
}

/** What a line says, or undefined where it is not a line of a run (of this version). Numbers by value. */
export function parseEntry(text: string): Entry | undefined {
  let value: unknown
  try {
    value = parseExact(text)
  } catch {
    return undefined
  }
  // As it was read: valibot's copy would lack what else stands in it.
  return v.is(entry, value) ? value : undefined
}

/** The version that a line claims, where it is the header of a run that an earlier or later orafi wrote. */
export function otherVersion(text: string): number | undefined {
  const found = /^\{"v":(\d+),"type":"run"/.exec(text)?.[1]
  return found === undefined || Number(found) === journalVersion ? undefined : Number(found)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
