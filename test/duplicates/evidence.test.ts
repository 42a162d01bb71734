import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Customer } from '../../src/api/customer.ts'
import { evidenceOf, roundedParts } from '../../src/duplicates/evidence.ts'
import { type Fields, fieldsOf, namesOf } from '../../src/duplicates/fields.ts'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'
import { groupOf } from '../../src/duplicates/groups.ts'
import { explain } from '../../src/duplicates/model.ts'
import { groupsOf, person } from './customers.ts'

/** Few names and addresses, so that random customers are often similar; then errors, so that they often differ. */
const names = fc.constantFrom(
  ...[
    'Ada',
    'Adah',
    'A',
    'Emeka',
    'Chukwuemeka',
    'Mary Jane',
    'Maryjane',
    'Mohamed',
    'Muhammad',
    'Юлия',
    'Yulia',
  ],
  ...[
    'Obi',
    'Okafor',
    'Okafro',
    'Obi Jr',
    'Mrs Okafor',
    'Smith',
    'Ковалев',
    'Ковалева',
    'Ngozi Eze',
    '王',
    '',
  ],
)
const locals = fc.constantFrom(
  'ada',
  'ada.obi',
  'adaobi1',
  'adaobi2',
  'sunnyrider',
  'sunyrider',
  'okafor.emeka',
  'info',
)
const domains = fc.constantFrom('gmail.com', 'gmial.com', 'yahoo.com', 'x.example', 'xx.example')
const emails = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(locals, domains).map((parts) => parts.join('@')) },
  fc.constantFrom('', 'n/a', null),
)
const customers = fc
  .record({ firstname: names, lastname: names, email: emails })
  .map((fields): Customer => ({ id: 'c', mode: ['test'], totalSpent: 0, ...fields }))
const pairs = fc.tuple(customers, customers)

/** An account of a number of customers, in which the given ones are. */
function account(size: number, known: readonly Customer[]) {
  const frequencies = createFrequencies(4096)
  const add = (fields: Fields | undefined) => fields && frequencies.add(fields)
  for (const customer of known) add(fieldsOf(customer))
  for (let index = 0; index < size; index++)
    add(fieldsOf(person(`Name${index} Surname${index % 50} <name${index}@x${index % 90}.example>`)))
  return frequencies
}
const sizes = [0, 50, 5000]
const accounts = sizes.map((size) => account(size, []))
const anyAccount = fc.constantFrom(...accounts)

test('the bits add up to the log2 of the odds of the probability', () => {
  fc.assert(
    fc.property(pairs, anyAccount, ([a, b], frequencies) => {
      const { because, bits, probability } = explain(a, b, frequencies)
      const sum = because.reduce((total, part) => total + part.bits, 0)
      expect(sum).toBeCloseTo(bits, 6)
      expect(probability).toBeCloseTo(1 / (1 + 2 ** -sum), 9)
    }),
    { numRuns: 1000 },
  )
})

test('rounded bits add up to the rounded sum, and none is off by a tenth', () => {
  fc.assert(
    fc.property(pairs, anyAccount, ([a, b], frequencies) => {
      const { because, bits } = explain(a, b, frequencies)
      const rounded = evidenceOf(a, b, { frequencies, certainty: 0.9 }).because
      const sum = rounded.reduce((total, part) => total + part.bits, 0)
      expect(Math.abs(sum - bits)).toBeLessThan(0.0501)
      for (const [index, { bits: exact }] of because.entries())
        expect(Math.abs((rounded[index]?.bits ?? 99) - exact)).toBeLessThan(0.1001)
    }),
    { numRuns: 1000 },
  )
  const parts = [0.4, 0.4, 0.4, -0.4, -0.3].map((bits) => ({ text: '', bits }))
  expect(roundedParts(parts, 1).map(({ bits }) => bits)).toEqual([0, 1, 0, 0, 0])
})

test('it makes no difference which of two customers comes first', () => {
  fc.assert(
    fc.property(pairs, anyAccount, ([a, b], frequencies) => {
      expect(explain(b, a, frequencies)).toEqual(explain(a, b, frequencies))
    }),
    { numRuns: 1000 },
  )
})

test('without similar e-mails two are never likely one person, however rare their names are', () => {
  const one = person('Zephyrine Mary Jane Quackenbush <a@x.example>')
  const other = person('Zephyrine Maryjane Quackenbush <lion@elsewhere.example>')
  for (const size of sizes) {
    for (const email of [other.email, '', 'n/a']) {
      const { probability, because } = explain(one, { ...other, email }, account(size, [one, other]))
      expect(probability).toBeLessThan(0.5)
      expect(because.map(({ text }) => text)).toContain(
        email === other.email ? 'the e-mails are not similar' : 'an e-mail is missing, or no address',
      )
    }
  }
})

test('the probability is never 0 or 1, and has four decimals', () => {
  const measure = { frequencies: account(50, []), certainty: 0.9 }
  const one = person('Zephyrine Quackenbush <sunnylionrider1956@shop.example>')
  const other = person('Zephyrine Quackenbush <sunnylionridr1956@shop.example>')
  expect(evidenceOf(one, other, measure).probability).toBe(0.9999)
  expect(evidenceOf(one, person('Ngozi Eze <x@y.example>'), measure).probability).toBe(0.0001)
})

/** Whether what a text says is true of two customers. Throws for a text that it does not know. */
function isTrue(text: string, a: Customer, b: Customer): boolean {
  const [one, other] = [fieldsOf(a), fieldsOf(b)]
  const both = [namesOf(a), namesOf(b)] as const
  // Two neighbours may be compared as one word.
  const has = (words: readonly string[], x: string) => words.includes(x) || words.join('').includes(x)
  const areIn = (x = '', y = ''): boolean =>
    (has(both[0], x) && has(both[1], y)) || (has(both[0], y) && has(both[1], x))
  const countOf = (words: readonly string[]) => words.filter((word) => !/^(?:jr|mrs)$/.test(word)).length
  const local = one?.local === other?.local
  const domains = [one?.domain, other?.domain, one?.typedDomain, other?.typedDomain]
  const rules: [RegExp, (...found: string[]) => boolean][] = [
    [/^same (?:rare )?(?:name|initial) (\S+)$/, (name) => areIn(name, name)],
    [/^(\S+) and (\S+)(?: (?:differ|are|have)\b.*|: an initial)$/, areIn],
    [/^(\S+) is the start of (\S+)$/, (x = '', y = '') => areIn(x, y) && y.startsWith(x)],
    [/^names are split differently$/, () => countOf(both[0]) !== countOf(both[1])],
    [/^one has an extra name$/, () => countOf(both[0]) !== countOf(both[1])],
    [/^one is Jr\. or Sr\.$|^one is Mr\. and one is Mrs\.$/, () => both[0].join(' ') !== both[1].join(' ')],
    [/^others may have the same full name$/, () => both[0].length > 0 && both[1].length > 0],
    [/^same mailbox$/, () => one?.mailbox === other?.mailbox],
    [/^same text before the @$|^e-mails differ only in separators$/, () => local],
    [
      /^same text before the @, at (\S+) and (\S+)$/,
      (x, y) => local && domains.includes(x) && domains.includes(y),
    ],
    [/^same domain (\S+)$/, (domain) => domains[2] === domain && domains[3] === domain],
    [/^(.+) is mistyped for (\S+)$/, (_, domain) => domains[0] === domain && domains[1] === domain],
    [/lacks its @$/, () => [a, b].some(({ email }) => !String(email).includes('@'))],
    [
      /^same mailbox, if (\S+) is mistyped$/,
      (typed = '') =>
        /[,;:]/.test(typed) && [a, b].some(({ email }) => String(email).toLowerCase().includes(typed)),
    ],
    [
      /^(?:the )?e-mails (?:differ|are (?:numbered|different forms)).*$/,
      () => one?.mailbox !== other?.mailbox,
    ],
    [/^one e-mail adds something to the name$/, () => one?.local !== other?.local],
    [/^the e-mails are not similar$/, () => one !== undefined && other !== undefined],
    [/^an e-mail is missing, or no address$/, () => one === undefined || other === undefined],
    [/^as in an account of 300 customers$/, () => true],
    [/^relatives are (?:rarer|as common)$|^two of [\d,]+ customers? are seldom one person$/, () => true],
  ]
  const rule = rules.find(([pattern]) => pattern.test(text))
  if (rule === undefined) throw new Error(`unknown: ${text}`)
  return rule[1](...(rule[0].exec(text)?.slice(1) ?? []))
}

test('what is said is true of the two customers that were compared', () => {
  fc.assert(
    fc.property(pairs, anyAccount, ([a, b], frequencies) => {
      for (const { text } of explain(a, b, frequencies).because)
        expect([text, isTrue(text, a, b)]).toEqual([text, true])
    }),
    { numRuns: 1000 },
  )
})

test('in a chain, the evidence is that of the pair it names, and is true of it', async () => {
  const chain = [
    person('Emeka Okafor <sunnyrider@yahoo.com>', { id: 'a' }),
    person('Emeka Okafor <sunnyridr@yahoo.com>', { id: 'b' }),
    person('Emeka Okafor <sunnyridr@gmail.com>', { id: 'c' }),
  ]
  const [group] = await groupsOf(chain, 'likely')
  expect(group?.keep.id).toBe('a')
  const [near, far] = group?.twins.toSorted((x, y) => x.customer.id.localeCompare(y.customer.id)) ?? []
  expect(near?.evidence.comparedWith).toBeUndefined()
  expect(far?.evidence).toMatchObject({ level: 'likely', comparedWith: 'b' })
  const because = far?.evidence.because.map(({ text }) => text) ?? []
  expect(because).toContain('same text before the @, at gmail.com and yahoo.com')
  for (const text of because)
    expect([text, isTrue(text, chain[1] as Customer, chain[2] as Customer)]).toEqual([text, true])
})

test('how probable it is never changes what is proposed', () => {
  const rules = { keep: 'most-spent', keyMode: 'test' } as const
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const two = [
        { ...a, id: 'a' },
        { ...b, id: 'b' },
      ]
      const proposals = accounts.flatMap((frequencies) =>
        [0.5, 0.9, 0.999].map((certainty) => {
          const [twin] = groupOf(two, { ...rules, frequencies, certainty }).twins
          return [twin?.decision, ...(twin?.reasons ?? [])]
        }),
      )
      for (const proposal of proposals) expect(proposal).toEqual(proposals[0])
      if (fieldsOf(a)?.mailbox !== fieldsOf(b)?.mailbox) expect(proposals[0]?.[0]).toBe('review')
    }),
    { numRuns: 250 },
  )
})
