// A separate process for `bench/duplicates/scale.ts`: reads customers from an NDJSON file, finds the duplicates, iterates over
// all groups, and writes its counts into a file.
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { Customer } from '../../src/api/customer.ts'
import { levels } from '../../src/duplicates/evidence.ts'
import { findDuplicates } from '../../src/duplicates/find.ts'
import { parseExact } from '../../src/exact.ts'

export interface Counted {
  readonly customers: number
  readonly groups: number
  /** The number of records in the largest group. */
  readonly largest: number
  readonly deletions: number
  /** Seconds from reading the first byte to knowing all groups. */
  readonly grouping: number
}

async function* customersOf(file: string): AsyncGenerator<Customer> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield parseExact(line) as Customer
  }
}

const [file = '', wanted = 'likely', answer = '/dev/stdout'] = process.argv.slice(2)
const match = levels.find((level) => level === wanted) ?? 'likely'
const begun = performance.now()
const found = await findDuplicates(customersOf(file), { match, keep: 'most-spent', keyMode: 'test' })
const grouped = performance.now()
let deletions = 0
let largest = 0
for (const { twins } of found.groups()) {
  deletions += twins.filter(({ decision }) => decision === 'delete').length
  largest = Math.max(largest, twins.length + 1)
}
const counted: Counted = {
  customers: found.customers,
  groups: found.size,
  largest,
  deletions,
  grouping: (grouped - begun) / 1000,
}
await writeFile(answer, JSON.stringify(counted))
