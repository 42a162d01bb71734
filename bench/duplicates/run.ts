// A separate process for `bench/duplicates/scale.ts`: reads customers from an NDJSON file, finds the duplicates, iterates over
// all groups, and writes its counts into a file.
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { levels } from '../../src/duplicates/evidence.ts'
import { findDuplicates } from '../../src/duplicates/find.ts'
import { readCustomers } from '../../src/files/customers.ts'
import { openTwice } from '../../src/files/input.ts'

export interface Counted {
  readonly customers: number
  readonly groups: number
  /** The number of records in the largest group. */
  readonly largest: number
  readonly deletions: number
  /** Seconds from reading the first byte to knowing all groups. */
  readonly grouping: number
}

const [file = '', wanted = 'likely', answer = '/dev/stdout'] = process.argv.slice(2)
const match = levels.find((level) => level === wanted) ?? 'likely'
const { signal } = new AbortController()
const input = await openTwice(file, {
  stdin: process.stdin,
  folder: tmpdir(),
  signal,
  owner: { pid: process.pid, host: '' },
})
const begun = performance.now()
const found = await findDuplicates(
  readCustomers(input, async () => {}),
  { match, keep: 'most-spent', keyMode: 'test' },
)
const grouped = performance.now()
await input.close()
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
