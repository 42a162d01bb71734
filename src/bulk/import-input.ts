import { hash } from 'node:crypto'
import type { NewCustomer } from '../api/customer.ts'
import { nameTokens } from '../customers/names.ts'
import { problemOf } from '../customers/validation.ts'
import { sameEmail } from '../email.ts'
import type { TwiceReadable } from '../files/input.ts'
import { openRows, type Row, type RowOptions, type RowSource, type Shape } from '../files/rows.ts'
import { createUnchangedCheck } from '../files/unchanged.ts'
import { createTextSet, grown, hashOf, type TextSet } from '../text-set.ts'

export interface InputOptions extends Omit<RowOptions, 'problemOf'> {
  /** Makes rows with the e-mail of an earlier row invalid. */
  readonly strict?: boolean | undefined
  /** Called regularly with the number of rows read so far. */
  readonly onRead?: (rows: number) => void
  /** Called for every invalid row. */
  readonly onBad: (row: Row) => Promise<void>
  /** Called for every row that is left out because an earlier row has its e-mail. */
  readonly onRepeat: (row: Row, line: number) => Promise<void>
}

/** An input whose rows were all checked, and that can be read once more. */
export interface CheckedInput {
  readonly shape: Shape
  /** Rows with data, including invalid ones. */
  readonly rows: number
  /** How many of them are invalid. */
  readonly bad: number
  /** How many of them are left out because an earlier row has their e-mail. */
  readonly repeated: number
  /** The first rows that can be sent. */
  readonly samples: readonly NewCustomer[]
  /** The rows again, in blocks, including invalid ones. Throws `local_error` if the input has changed since. */
  read(): AsyncGenerator<readonly Row[], void, undefined>
}

/** How many rows are shown before an import. */
const shownRows = 3

/**
 * Checks every row before the first request (docs/contract.md#import): its fields, and that rows with one e-mail agree.
 * Throws `usage` with file and line if the input cannot be parsed.
 */
export async function checkInput(input: TwiceReadable, options: InputOptions): Promise<CheckedInput> {
  const { onBad, onRepeat: _onRepeat, onRead, strict = false, ...form } = options
  const repeats = createRepeats(createTextSet(), sameEmail, nameToCompare)
  const blocks = createUnchangedCheck(input.name)
  const open = (): Promise<RowSource> => openRows(input, { ...form, problemOf })
  const marked = (row: Row): Row => {
    const { repeats: line, ...rest } = repeats.mark(row)
    if (line === undefined || !strict) return line === undefined ? rest : { ...rest, repeats: line }
    const where = line === row.line ? 'on this line twice' : `already on line ${line}`
    return { ...rest, problems: [`the e-mail is ${where}`], isRefusedAsRepeat: true }
  }
  async function* read(): AsyncGenerator<readonly Row[], void, undefined> {
    const again = await open()
    for await (const block of blocks.compared(again.rows())) yield repeats.isAny ? block.map(marked) : block
  }

  const source = await open()
  const counts = { rows: 0, bad: 0, repeated: 0 }
  const first: Row[] = []
  for await (const block of blocks.recorded(source.rows())) {
    counts.rows += block.length
    onRead?.(counts.rows)
    for (const row of block) {
      if (row.problems.length > 0) {
        counts.bad += 1
        await onBad(row)
        continue
      }
      repeats.see(row)
      if (first.length < shownRows * 10) first.push(row)
    }
  }
  if (repeats.isAny) await countRepeats(read(), counts, options)
  const samples = first
    .map(marked)
    .filter(({ problems, repeats: line }) => problems.length === 0 && line === undefined)
    .slice(0, shownRows)
    .map(({ customer }) => customer)
  const { rows: _, ...shape } = source
  return { shape, ...counts, samples, read }
}

/** Reads the rows again: only after all were seen it is known which of them contradict each other. */
async function countRepeats(
  blocks: AsyncIterable<readonly Row[]>,
  counts: { bad: number; repeated: number },
  { onBad, onRepeat }: InputOptions,
): Promise<void> {
  for await (const block of blocks) {
    for (const row of block) {
      if (row.repeats !== undefined) {
        counts.repeated += 1
        await onRepeat(row, row.repeats)
      } else if (row.isRefusedAsRepeat === true) {
        counts.bad += 1
        await onBad(row)
      }
    }
  }
}

/** Names that differ only in case, accents or order of spaces are one name. */
function nameToCompare({ firstname, lastname }: Row['customer']): string {
  return `${nameTokens(firstname).join(' ')}\0${nameTokens(lastname).join(' ')}`
}

/** A valid row, ready to be sent. */
export interface ImportRow {
  /** Its id in the journal: `r0` is the first data row. */
  readonly item: string
  readonly customer: NewCustomer
  /** The normalised address, to find existing customers. */
  readonly email: string
  /** SHA-256 of what is sent; identifies the row in other runs (docs/contract.md#runs). */
  readonly hash: string
  /** The row as it was read, for `--rejects`. */
  readonly row: Row
}

/** Prepares a valid row for sending. */
export function importRow(row: Row): ImportRow {
  const { customer, index } = row
  const { firstname, lastname, email } = customer
  const sent = hash('sha256', JSON.stringify([firstname, lastname, email]))
  return { item: `r${index}`, customer, email: sameEmail(email), hash: sent, row }
}

/**
 * Finds rows with the e-mail of another row (docs/contract.md#import). Only valid rows count: if the first one is
 * invalid, the second is imported.
 */
export interface Repeats {
  /** Records a valid row. All rows must be seen, in order, before any is marked. */
  see(row: Row): void
  /** Whether any e-mail is in several rows. */
  readonly isAny: boolean
  /**
   * The row as it is to be imported: with `repeats` if an earlier row has its e-mail, and with a problem if rows with
   * this e-mail have different names, since none of them can be trusted then.
   */
  mark(row: Row): Row
}

/** Numbers kept for each e-mail: its first row's index plus one, its line, its name's hash, and a contradicting line. */
const perEmail = 4

/**
 * @param emails must be empty
 * @param emailOf returns the same text for e-mails that count as equal
 * @param nameOf returns the same text for names that count as equal
 */
export function createRepeats(
  emails: Pick<TextSet, 'numberOf'>,
  emailOf: (email: string) => string,
  nameOf: (customer: Row['customer']) => string,
): Repeats {
  /** By the e-mail's number. Objects would take several times the memory. */
  let known = new Uint32Array(1024 * perEmail)
  let isAny = false

  function placeOf({ customer }: Row): number {
    const place = emails.numberOf(emailOf(customer.email)) * perEmail
    if (place >= known.length) known = grown(known, (length) => new Uint32Array(length))
    return place
  }

  return {
    see(row) {
      const place = placeOf(row)
      const name = hashOf(nameOf(row.customer))
      if (known[place] === 0) return known.set([row.index + 1, row.line, name], place)
      isAny = true
      if (known[place + 2] !== name && known[place + 3] === 0) known[place + 3] = row.line
    },
    get isAny() {
      return isAny
    },
    mark(row) {
      if (row.problems.length > 0) return row
      const place = placeOf(row)
      const [first = 0, firstLine = 0, , contradicting = 0] = known.subarray(place, place + perEmail)
      const isFirst = first === row.index + 1
      if (contradicting === 0) return isFirst ? row : { ...row, repeats: firstLine }
      const other = isFirst ? contradicting : firstLine
      // A JSON array may be on a single line.
      const where = other === row.line ? 'another row of this line' : `line ${other}`
      return { ...row, problems: [`has the e-mail of ${where}, but another name`], isRefusedAsRepeat: true }
    },
  }
}
