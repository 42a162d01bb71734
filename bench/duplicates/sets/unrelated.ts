import leven from 'leven'
import { mulberry32 } from '../../../src/sandbox/random.ts'
import { type Chance, pick } from '../errors.ts'
import { type Spelled, spelled } from '../people.ts'
import { lettersOf, surname } from '../person.ts'
import { createCollector, type Labelled, type Written } from '../records.ts'
import type { SetOptions } from '../sets.ts'

/**
 * Made-up test data as record-linkage benchmarks have it: `samantha81@henry.com` of Charlie Wilson; names swapped or
 * missing, and letters that change places in names and e-mail, also across the @ and in the domain.
 */
export function unrelated({ seed, size, people: { names } }: SetOptions): readonly Labelled[] {
  const chance = mulberry32(seed)
  const collector = createCollector(seed)
  const anyFirst = (): Spelled => spelled(pick(names.first, chance))
  const anyLast = (): Spelled => surname(pick(names.last, chance), chance)
  for (let made = 0; made < size; made++) {
    const [f, l] = [lettersOf(anyFirst()), lettersOf(anyLast())]
    const local = pick(
      [`${f}${Math.floor(chance() * 100)}`, `${f.slice(0, 1)}${l}`, `${l}${f}`, `${f}${l}`],
      chance,
    )
    const firm = chance() < 0.4 ? `${lettersOf(anyLast())}-${lettersOf(anyLast())}` : lettersOf(anyLast())
    const right: Written = {
      first: anyFirst().own,
      last: anyLast().own,
      email: `${local}@${firm}.${pick(['com', 'net', 'org', 'biz', 'info'], chance)}`,
    }
    const person = collector.person()
    if (collector.isTaken(right.email) || !collector.add(right, { person, kind: 'right' })) continue
    for (let times = Math.floor(chance() * chance() * 7); times > 0; times--) {
      const { again, errors } = scrambled(right, chance)
      if (isDecidable(right, again)) collector.add(again, { person, kind: `${errors} moved` })
    }
  }
  return collector.records
}

function scrambled(right: Written, chance: Chance): { again: Written; errors: number } {
  let { first, last, email } = right
  let errors = 0
  const dice = chance()
  if (dice < 0.2) [first, last] = [last, first]
  else if (dice < 0.28) first = ''
  else if (dice < 0.36) last = ''
  if (chance() < 0.15) [first, errors] = [exchanged(first, chance), errors + 1]
  if (chance() < 0.15) [last, errors] = [exchanged(last, chance), errors + 1]
  if (chance() < 0.42) {
    for (let times = 1 + Math.floor(chance() * 2); times > 0; times--) {
      email = exchanged(email, chance)
      errors += 1
    }
  }
  return { again: { first, last, email }, errors }
}

/** Two letters change places, and sometimes one is lost. */
function exchanged(text: string, chance: Chance): string {
  const letters = [...text]
  const [i, j] = [Math.floor(chance() * letters.length), Math.floor(chance() * letters.length)]
  const [one = '', other = ''] = [letters[i], letters[j]]
  letters[i] = other
  letters[j] = one
  if (chance() < 0.15) letters.splice(Math.floor(chance() * letters.length), 1)
  return letters.join('')
}

/** A careful person needs one whole name, and an address of which most is left. */
function isDecidable(right: Written, { first, last, email }: Written): boolean {
  if (!/^[^@.][^@]*@[^@]+\.[^@.]+$/.test(email)) return false
  const whole = [first, last].filter((name) => name === right.first || name === right.last)
  return whole.length > 0 && leven(right.email, email) <= 4
}
