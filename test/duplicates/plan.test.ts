import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'
import { prior } from '../../src/duplicates/model.ts'
import { planText, tallyOf } from '../../src/duplicates/plan.ts'
import { measureOf, planOf } from '../../src/duplicates/plan-make.ts'
import { readPlan } from '../../src/duplicates/plan-read.ts'
import type { Plan } from '../../src/duplicates/plan-schema.ts'
import { CliError } from '../../src/errors.ts'
import { ExactNumber } from '../../src/exact.ts'
import { groupsOf, person } from './customers.ts'
import { violations } from './schema.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/plan.schema.json', import.meta.url), 'utf8'))
const place = {
  identity: 'sandbox test',
  mode: 'test',
  key: { masked: 'ora_test_…4f2a', hash: '9c1185a5c5e9fc54' },
} as const

let plan: Plan
let text: string

beforeAll(async () => {
  const customers = [
    person('Emeka Obi <emeka@gmail.com>', { id: 'a', totalSpent: new ExactNumber('12345678901234567890.5') }),
    person('Emeka Obi <e.meka@gmail.com>', { id: 'b', note: { unknown: [1, 'ü'] } }),
    person('Ngozi Obi <emeka@googlemail.com>', { id: 'c' }),
    person('Ada Eze <ada.eze@yahoo.com>', { id: 'd' }),
    person('Ada Eze <ada.eze@yahooo.com>', { id: 'e' }),
  ]
  const groups = await groupsOf(customers, 'likely')
  const options = { match: 'likely', keep: 'most-spent', certainty: 0.9 } as const
  plan = planOf(groups, {
    ...place,
    frequencies: createFrequencies(1),
    when: Date.UTC(2026, 10, 24, 8, 15, 35),
    options,
  })
  text = planText(plan)
})

test('a plan is read as it was written, to the last digit', () => {
  expect(readPlan(text, 'plan.json')).toEqual(plan)
  expect(text).toContain('"totalSpent": 12345678901234567890.5')
  expect(plan.when).toBe('2026-11-24T08:15:35.000Z')
  expect(tallyOf(plan)).toEqual({ groups: 2, decided: 0, delete: 1, proposed: 1 })
})

test('a written plan matches docs/plan.schema.json', () => {
  expect(violations(JSON.parse(text), schema)).toEqual([])
})

/** The plan with one value edited, by path. */
function edited(path: string, value: unknown): string {
  const copy = JSON.parse(text)
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '')
  const last = keys.pop() ?? ''
  const parent = keys.reduce((at, key) => at[key], copy)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return JSON.stringify(copy)
}

function refusal(edit: string): string {
  try {
    readPlan(edit, 'plan.json')
  } catch (error) {
    if (error instanceof CliError && error.code === 'usage') return error.message
    throw error
  }
  return 'nothing'
}

const wrong: [path: string, value: unknown, message: string][] = [
  ['identity', 7, 'plan.json: identity: should be a string, not 7'],
  ['identity', '', 'plan.json: identity: should not be empty'],
  ['mode', 'prod', 'plan.json: mode: should be one of test, live, not "prod"'],
  ['key', undefined, 'plan.json: key: should be an object, not missing'],
  ['key.hash', null, 'plan.json: key.hash: should be a string, not null'],
  ['when', undefined, 'plan.json: when: should be a string, not missing'],
  [
    'options.keep',
    'best',
    'plan.json: options.keep: should be one of most-spent, oldest, newest, not "best"',
  ],
  ['options.certainty', 95, 'plan.json: options.certainty: should be a number from 0.5 to 0.999, not 95'],
  [
    'options.certainty',
    '0.95',
    'plan.json: options.certainty: should be a number from 0.5 to 0.999, not "0.95"',
  ],
  ['account', [], 'plan.json: account: should be an object, not an array'],
  [
    'account.counts',
    { 'name obi': 'x' },
    'plan.json: account.counts: should be an object with whole numbers',
  ],
  ['groups', {}, 'plan.json: groups: should be an array, not an object'],
  ['groups[0]', 'x', 'plan.json: groups[0]: should be an object, not "x"'],
  [
    'groups[1].level',
    'sure',
    'plan.json: groups[1].level: should be one of exact, alias, likely, not "sure"',
  ],
  ['groups[1].reviewed', 'yes', 'plan.json: groups[1].reviewed: should be true or false'],
  ['groups[0].keeper', 'zz', 'plan.json: groups[0].keeper: zz is not a member of the group'],
  ['groups[0].members', [], 'plan.json: groups[0].keeper: a is not a member of the group'],
  [
    'groups[0].members[1].decision',
    'DELETE',
    'plan.json: groups[0].members[1].decision: should be one of keep, delete, review, out, not "DELETE"',
  ],
  [
    'groups[0].members[1].decision',
    undefined,
    'plan.json: groups[0].members[1].decision: should be one of keep, delete, review, out, not missing',
  ],
  [
    'groups[0].members[1].id',
    'b2',
    "plan.json: groups[0].members[1].record.id: should be the member's id, b2",
  ],
  [
    'groups[0].members[1].fingerprint',
    'abc',
    'plan.json: groups[0].members[1].fingerprint: should be 64 hexadecimal digits',
  ],
  [
    'groups[0].members[1].record',
    [],
    'plan.json: groups[0].members[1].record: should be an object, not an array',
  ],
  [
    'groups[0].members[1].probability',
    98,
    'plan.json: groups[0].members[1].probability: should be a number from 0 to 1, not 98',
  ],
  [
    'groups[0].members[1].because[0].bits',
    '+6',
    'plan.json: groups[0].members[1].because[0].bits: should be a number, not "+6"',
  ],
  [
    'groups[0].members[1].decidedBy',
    'me',
    'plan.json: groups[0].members[1].decidedBy: should be one of orafi, person, not "me"',
  ],
  [
    'groups[0].members[1].reasons',
    'x',
    'plan.json: groups[0].members[1].reasons: should be an array, not "x"',
  ],
]

test.each(wrong)('a wrong edit is refused with its path: %s as %j', (path, value, message) => {
  const edit = edited(path, value)
  expect(refusal(edit)).toBe(message)
})

test('a plan without evidence, account and certainty is read as if nothing were known', () => {
  const member = { decidedBy: 'orafi', probability: null, because: [] }
  const bare = JSON.parse(text, (key, value) => {
    if (key === 'groups') return value
    return ['account', 'certainty', 'comparedWith', ...Object.keys(member)].includes(key) ? undefined : value
  })
  const read = readPlan(JSON.stringify(bare), 'plan.json')
  expect(read.options.certainty).toBe(0.9)
  expect(read.account).toEqual({ customers: 0, counts: {} })
  for (const one of read.groups.flatMap(({ members }) => members)) expect(one).toMatchObject(member)
  expect(violations(bare, schema)).toEqual([])
})

test('a plan that does not say how many mailboxes have one person twice is compared as if it were a usual number', () => {
  const priorIn = (account: object): number =>
    prior(measureOf(readPlan(JSON.stringify({ ...JSON.parse(text), account }), 'plan.json')).frequencies)
  const counts = { 'name obi': 9 }
  expect(priorIn({ customers: 3000, counts })).toBeCloseTo(
    priorIn({ customers: 3000, repeatedMailboxes: 120, counts }),
  )
  expect(priorIn({ customers: 3000, counts })).toBeGreaterThan(
    priorIn({ customers: 3000, repeatedMailboxes: 0, counts }) + 0.9,
  )
})

test('the schema refuses the same edits', () => {
  for (const [path, value] of wrong) {
    // A schema cannot express that the keeper is a member, and that ids match.
    if (path.endsWith('keeper') || path.endsWith('.id')) continue
    expect([path, violations(JSON.parse(edited(path, value)), schema).length > 0]).toEqual([path, true])
  }
})

test.each([
  ['{\n  "version": 1,\n  oops\n}', 'plan.json:3:3: not valid JSON'],
  ['{"version": 1,}', 'plan.json:1:15: not valid JSON'],
  ['', 'plan.json:1:1: not valid JSON'],
  ['{"a": [1, 2}', 'plan.json:1:12: not valid JSON'],
])('invalid JSON is refused with line and column: %j', (broken, message) => {
  expect(refusal(broken)).toBe(message)
})

test('another version is refused by name, and so is a file that is not a plan', () => {
  for (const version of [1, 2, 4])
    expect(refusal(edited('version', version))).toBe(
      `plan.json: version: the plan has version ${version}, but this orafi reads version 3`,
    )
  expect(refusal('{}')).toBe('plan.json: version: not an orafi plan')
  expect(refusal('[]')).toBe('plan.json: should be an object, not an array')
})

test('a repeated id is refused', () => {
  const copy = JSON.parse(text)
  copy.groups[1].members[1] = copy.groups[0].members[1]
  expect(refusal(JSON.stringify(copy))).toBe(
    'plan.json: groups[1].members[1].id: b is already at groups[0].members[1].id',
  )
})

test('evidence that compares with no other member of the group is refused', () => {
  const [first, second] = plan.groups.map(({ members }) => members[1]?.id ?? '')
  for (const id of [first, second === undefined ? 'nobody' : second]) {
    expect(refusal(edited('groups[0].members[1].comparedWith', id))).toBe(
      `plan.json: groups[0].members[1].comparedWith: ${id} is not another member of the group`,
    )
  }
})

test('a group that deletes keeps exactly one', () => {
  expect(refusal(edited('groups[0].members[2].decision', 'keep'))).toBe(
    'plan.json: groups[0].members[2].decision: a group keeps only one member, and its keeper is a',
  )
  expect(refusal(edited('groups[0].members[0].decision', 'out'))).toBe(
    'plan.json: groups[0].keeper: the group has deletions, but the decision of its keeper is "out"',
  )
  expect(refusal(edited('groups[1].members[1].decision', 'keep'))).toBe('nothing')
})

test('a byte order mark and unknown fields are accepted', () => {
  const noted = text.replace('{', '{ "note": "asked Ngozi",')
  expect(readPlan(`\ufeff${noted}`, 'plan.json')).toEqual(plan)
})

test('text from a plan cannot control the terminal in an error', () => {
  expect(refusal(edited('mode', '\u001b[2J'))).toBe(
    'plan.json: mode: should be one of test, live, not "\\x1b[2J"',
  )
})
