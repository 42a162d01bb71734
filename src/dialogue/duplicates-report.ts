import type { Customer } from '../api/customer.ts'
import { type Group, groupDocument } from '../duplicates/groups.ts'
import { textOf } from '../output/cells.ts'
import { type Column, type Report, report } from '../output/result.ts'

const columns: readonly Column[] = [
  { key: 'group', title: '', align: 'right' },
  { key: 'decision', title: 'PROPOSED' },
  { key: 'id', title: 'ID' },
  { key: 'email', title: 'EMAIL' },
  { key: 'name', title: 'NAME', least: 6 },
  { key: 'spent', title: 'SPENT', align: 'right' },
  { key: 'why', title: 'WHY', least: 8 },
]

/** What `duplicates` prints: the groups as JSON (docs/contract.md#json-documents), a row a customer elsewhere. */
export function duplicatesReport(groups: Iterable<Group>): Report {
  const listed = [...groups]
  return report({ groups: listed.map(groupDocument) }, rowsOf(listed), columns)
}

function* rowsOf(groups: readonly Group[]): Generator<Record<string, string>> {
  for (const [index, { keep, twins }] of groups.entries()) {
    const group = String(index + 1)
    yield { group, decision: 'keep', ...cellsOf(keep), why: '' }
    for (const { customer, evidence, decision, reasons } of twins) {
      yield { group, decision, ...cellsOf(customer), why: [evidence.why, ...reasons].join('; ') }
    }
  }
}

function cellsOf({ id, email, firstname, lastname, totalSpent }: Customer): Record<string, string> {
  return {
    id,
    email: textOf(email),
    name: `${textOf(firstname)} ${textOf(lastname)}`.trim(),
    spent: textOf(totalSpent),
  }
}
