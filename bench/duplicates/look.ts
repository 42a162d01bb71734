import type { Customer } from '../../src/api/customer.ts'
import { type Fields, fieldsOf } from '../../src/duplicates/fields.ts'
import { createFrequencies, type Frequencies } from '../../src/duplicates/frequencies.ts'
import { compare } from '../../src/duplicates/model.ts'
import { likelyQualityOf, pairsOf } from './quality.ts'
import type { Labelled } from './records.ts'
import { report, type SetName, sets, tuning } from './sets.ts'

const mostPairs = 60

/** Prints the mistakes on one kind of set, with the model's reasons, and the fifty least certain groups. */
export async function look(kind: SetName, pool: string, size: number): Promise<void> {
  const chosen = pool === 'report' ? report : tuning
  const set = sets[kind]({ ...chosen, seed: chosen.seeds[0] ?? 1, size })
  const frequencies = createFrequencies()
  for (const { customer } of set) {
    const fields = fieldsOf(customer)
    if (fields !== undefined) frequencies.add(fields)
  }
  const { likely, deletions, found } = await likelyQualityOf(set)
  const print = (title: string, pairs: readonly (readonly [Labelled, Labelled])[]): void => {
    console.log(`\n# ${title}: ${pairs.length}`)
    for (const [a, b] of pairs.slice(0, mostPairs)) {
      console.log(`\n${shown(a)}\n${shown(b)}`)
      console.log(waterfall(a.customer, b.customer, frequencies))
    }
  }
  print('wrong deletions', deletions.wrong)
  print('wrong pairs of different mailboxes', likely.wrong)
  print('missed pairs of different mailboxes', likely.missed)
  print('deletions that were possible and not proposed', deletions.missed)
  console.log('\n# The fifty least certain groups')
  const groups = found
    .map(({ members }) => ({ members, bits: leastBits(members, frequencies) }))
    .sort((a, b) => a.bits - b.bits)
  for (const { members, bits } of groups.slice(0, 50)) {
    const isRight = new Set(members.map(({ person }) => person)).size === 1
    console.log(`\n${isRight ? 'right' : 'WRONG'}, ${bits.toFixed(1)} bits`)
    for (const one of members.slice(0, 8)) console.log(shown(one))
  }
}

function shown({ customer: { firstname, lastname, email }, person, kind }: Labelled): string {
  return `  ${JSON.stringify(firstname)} ${JSON.stringify(lastname)} <${email}>  (person ${person}, ${kind})`
}

/** `same name john +5.2 · e-mails differ by a letter +9.1 = 14.3 bits, 99.9 %`. */
function waterfall(a: Customer, b: Customer, frequencies: Frequencies): string {
  const found = comparison(fieldsOf(a), fieldsOf(b), frequencies)
  if (found === undefined) return '  not compared: the e-mails are not similar'
  const parts = found.because.map(
    ({ text, bits }) => `${text} ${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`,
  )
  return `  ${parts.join(' · ')} = ${found.bits.toFixed(1)} bits, ${(found.probability * 100).toFixed(1)} %`
}

function comparison(a: Fields | undefined, b: Fields | undefined, frequencies: Frequencies) {
  return a === undefined || b === undefined ? undefined : compare(a, b, frequencies)
}

/** The bits of the least certain pair at different mailboxes; infinite in a group of one mailbox. */
function leastBits(members: readonly Labelled[], frequencies: Frequencies): number {
  const bits = pairsOf(members)
    .filter(([a, b]) => a.mailbox !== b.mailbox)
    .map(([a, b]) => comparison(fieldsOf(a.customer), fieldsOf(b.customer), frequencies)?.bits ?? -2)
  return Math.min(Number.POSITIVE_INFINITY, ...bits)
}
