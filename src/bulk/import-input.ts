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
  /** Called for every row that cannot be sent. */
  readonly onBad: (row: Row) => Promise<void>
}

/** An input of which every row was checked, and that can be read once more as it was then. */
export interface CheckedInput {
  readonly shape: Shape
  /** Rows with data. */
  readonly rows: number
  /** How many of them cannot be sent. */
  readonly bad: number
  /** The rows again, a block at a time, bad ones too. Throws `local_error` where they are not the ones that were checked. */
  read(): AsyncGenerator<readonly Row[], void, undefined>
}

/**
 * Checks every row before the first request (docs/contract.md#import): its fields, and that no e-mail is in the input
 * twice. Throws `usage` naming file and line for what is not of its format at all.
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

/** A checked row of an import, ready to be sent. */
export interface ImportRow {
  /** How the journal calls it: `r0` is the first data row. */
  readonly item: string
  readonly customer: NewCustomer
  /** The address that decides whether the person is there already. */
  readonly email: string
  /** Identifies the row in another run, whatever its number there: SHA-256 of what is sent (docs/contract.md#runs). */
  readonly hash: string
  /** The row as it was read, for `--rejects`. */
  readonly row: Row
}

/** The row, as the import works with it. */
export function importRow(row: Row): ImportRow {
  const { customer, index } = row
  const { firstname, lastname, email } = customer
  const sent = hash('sha256', JSON.stringify([firstname, lastname, email]))
  return { item: `r${index}`, customer, email: sameEmail(email), hash: sent, row }
}
