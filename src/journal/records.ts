import * as v from 'valibot'
import { parseExact, stringifyExact } from '../exact.ts'

/**
 * The version of the file format of runs: NDJSON, the header first. Other versions are refused. Since version 2, the
 * results of an undo are only in the undo's own run; since version 3, fingerprints do not cover dates.
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
  /** Base URL, mode and profile, or the sandbox and its mode. */
  identity: v.string(),
  key: v.object({ masked: v.string(), hash: v.string() }),
  /** The id of the run that this undo reverts. */
  undoes: maybeText,
  /** False with `--no-journal`: only ids and outcomes are stored. */
  personal: v.boolean(),
})

/** What is about to be done to one item. On disk before the request is sent. */
const intent = v.object({
  type: v.literal('intent'),
  /** Unique within the run: a customer's id, or the row of an import (`r17`). */
  item: v.string(),
  /** Epoch ms. */
  at: v.number(),
  /** The whole customer as sent by the API, so that a delete can be undone. */
  record: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject)),
  /** An import's row, as a hash. */
  hash: maybeText,
  /** Personal data was erased here. */
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
 * The result for an item. The last outcome counts, since an unknown one may be settled later; outcomes before the item's
 * last intent do not count.
 */
const outcome = v.object({
  type: v.literal('outcome'),
  item: v.string(),
  /** Epoch ms. */
  at: v.number(),
  outcome: v.picklist(outcomeNames),
  /** The id of the customer that an import created. */
  id: maybeText,
  /** The id of the customer that an undo created in place of a deleted one. */
  newId: maybeText,
  /** Of the created customer, to detect later changes. */
  fingerprint: maybeText,
  code: maybeText,
  message: maybeText,
})

const entry = v.variant('type', [
  header,
  intent,
  outcome,
  /** The last line of a closed run: its counts, so that listing runs need not read all of it. */
  v.object({ type: v.literal('end'), at: v.number(), items: v.number(), done: v.number() }),
  /** The second line of a run whose personal data was all erased. */
  v.object({ type: v.literal('forgotten'), at: v.number() }),
])

export type Entry = Readonly<v.InferOutput<typeof entry>>
export type RunHeader = Readonly<v.InferOutput<typeof header>>
export type RunCommand = RunHeader['command']
export type Intent = Readonly<Omit<v.InferOutput<typeof intent>, 'type'>>
export type OutcomeName = Outcome['outcome']
export type Outcome = Readonly<Omit<v.InferOutput<typeof outcome>, 'type'>>

/** Whether the item is in the requested state: the record is gone, or the person is there. */
export function isDone({ outcome }: Outcome): boolean {
  return ['deleted', 'notFound', 'created', 'skipped'].includes(outcome)
}

/** Serialises an entry as a line of a run, with its `\n`. Numbers keep their exact value. */
export function lineOf(line: Entry): string {
  return `${stringifyExact(line)}\n`
}

/** Parses a line of a run; undefined if it is not a line of this version. Numbers keep their exact value. */
export function parseEntry(text: string): Entry | undefined {
  let value: unknown
  try {
    value = parseExact(text)
  } catch {
    return undefined
  }
  // Not valibot's output, which would lack unknown fields.
  return v.is(entry, value) ? value : undefined
}

/** The journal version of a header that an earlier or later orafi wrote; undefined for other lines. */
export function otherVersion(text: string): number | undefined {
  const found = /^\{"v":(\d+),"type":"run"/.exec(text)?.[1]
  return found === undefined || Number(found) === journalVersion ? undefined : Number(found)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
