import { hash } from 'node:crypto'
import { type NewCustomer, problemOf } from '../customers/validation.ts'
import { sameEmail } from '../email.ts'
import type { ColumnMap } from '../files/columns.ts'
import type { Format } from '../files/format.ts'
import type { TwiceReadable } from '../files/input.ts'
import { createRepeats } from '../files/repeats.ts'
import { openRows, type Row, type RowSource, type Shape } from '../files/rows.ts'
import { createUnchangedCheck } from '../files/unchanged.ts'
import { createTextSet } from '../text-set.ts'

export interface InputOptions {
  readonly format?: Format | undefined
  readonly delimiter?: string | undefined
  readonly map?: ColumnMap | undefined
  /** Called for every invalid row. */
  readonly onBad: (row: Row) => Promise<void>
}

/** An input whose rows were all checked, and that can be read once more. */
export interface CheckedInput {
  readonly shape: Shape
  /** Rows with data, including invalid ones. */
  readonly rows: number
  /** How many of them are invalid. */
  readonly bad: number
  /** The rows again, in blocks, including invalid ones. Throws `local_error` if the input has changed since. */
  read(): AsyncGenerator<readonly Row[], void, undefined>
}

/**
 * Checks every row before the first request (docs/contract.md#import): its fields, and that no e-mail is in the input
 * twice. Throws `usage` with file and line if the input cannot be parsed.
 */
export async function checkInput(input: TwiceReadable, options: InputOptions): Promise<CheckedInput> {
  const { onBad, ...form } = options
  const repeats = createRepeats(createTextSet(), sameEmail)
  const blocks = createUnchangedCheck(input.name)
  const open = (): Promise<RowSource> => openRows(input.read(), input.name, { ...form, problemOf })
  const source = await open()
  let rows = 0
  let bad = 0
  for await (const block of blocks.recorded(repeats.mark(source.rows()))) {
    rows += block.length
    for (const row of block) {
      if (row.problems.length === 0) continue
      bad += 1
      await onBad(row)
    }
  }
  const { format, columns, delimiter } = source
  return {
    shape: { format, columns, delimiter },
    rows,
    bad,
    async *read() {
      const again = await open()
      yield* blocks.compared(repeats.mark(again.rows()))
    },
  }
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
