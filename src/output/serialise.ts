import { csv } from './csv.ts'
import { json } from './json.ts'
import type { Layout, Serialiser } from './layout.ts'
import { ndjson } from './ndjson.ts'

const layouts = { csv, json, ndjson } satisfies Record<string, Layout>

/** The formats of a file. */
export type FileFormat = keyof typeof layouts

/**
 * Turns batches of customers into the text of a file: what `--csv`, `--ndjson` and `--json` print into a pipe.
 * JSON is a bare array.
 */
export function createSerialiser(
  format: FileFormat,
  options: {
    readonly fields?: readonly string[] | undefined
    readonly excelSafe?: boolean | undefined
  } = {},
): Serialiser {
  const { fields, excelSafe = false } = options
  return layouts[format]({ terminal: false, columns: 80, colour: false, fields, excelSafe }).many()
}
