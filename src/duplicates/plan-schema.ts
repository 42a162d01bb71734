import * as v from 'valibot'
import type { Customer } from '../api/customer.ts'
import { visible } from '../visible.ts'
import { keepRules } from './decide.ts'
import { certainties, levels, usualCertainty } from './evidence.ts'

/** The version of plan files. Fingerprints of version 1 included dates; version 2 had no evidence. */
export const planVersion = 3

/** A message for a value of the wrong type: `should be a string, not 7`. */
function not(expected: string) {
  return ({ input }: { readonly input: unknown }): string => `should be ${expected}, not ${shown(input)}`
}

const longestShown = 40

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') {
    return `"${visible(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)}"`
  }
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object without its unknown fields. A missing field is reported as its own schema reports undefined. */
function object<Entries extends v.ObjectEntries>(entries: Entries) {
  const fields = v.object(entries, (issue) => {
    const missing = entries[String(issue.path?.[0].key)]
    return missing === undefined ? '' : (v.safeParse(missing, undefined).issues?.[0].message ?? '')
  })
  // By itself, v.object accepts arrays.
  return v.pipe(v.custom<object>(isObject, not('an object')), fields, v.readonly())
}

function array<Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item, not('an array')), v.readonly())
}

function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, not(`one of ${words.join(', ')}`))
}

function numberFrom(least: number, most: number) {
  const message = not(`a number from ${least} to ${most}`)
  return v.pipe(v.number(message), v.minValue(least, message), v.maxValue(most, message))
}

/** Not v.record, whose copy lacks names such as `constructor`. */
function counts(description: string) {
  const isCounts = (value: unknown): boolean =>
    isObject(value) &&
    Object.values(Object(value)).every(
      (one) => typeof one === 'number' && Number.isSafeInteger(one) && one >= 0,
    )
  return v.optional(
    v.pipe(
      v.custom<Readonly<Record<string, number>>>(isCounts, 'should be an object with whole numbers'),
      v.metadata({ description, type: 'object', additionalProperties: { type: 'integer', minimum: 0 } }),
    ),
    () => ({}),
  )
}

const string = v.string(not('a string'))
const text = v.pipe(string, v.nonEmpty('should not be empty'))
const level = oneOf(levels)

const member = object({
  id: v.pipe(text, v.description('An id occurs once in the whole plan.')),
  decision: v.pipe(
    oneOf(['keep', 'delete', 'review', 'out']),
    v.description(
      'keep: the keeper. delete: deleted when the plan is applied. review: not decided yet; left alone. out: taken out of the group; left alone.',
    ),
  ),
  why: v.optional(v.pipe(string, v.description('Why it belongs to the group.')), ''),
  decidedBy: v.optional(
    v.pipe(
      oneOf(['orafi', 'person']),
      v.description('orafi: as it was proposed. person: it was decided in a review.'),
    ),
    'orafi',
  ),
  probability: v.optional(
    v.nullable(
      v.pipe(
        numberFrom(0, 1),
        v.description('That it is the same person as the keeper, or as `comparedWith`; null for the keeper.'),
      ),
    ),
    null,
  ),
  because: v.optional(
    v.pipe(
      array(object({ text, bits: v.number(not('a number')) })),
      v.description('What speaks for that (above 0) and against it, in bits.'),
    ),
    () => [],
  ),
  comparedWith: v.optional(
    v.pipe(text, v.description('The id of the customer that it was compared with, if not the keeper.')),
  ),
  reasons: v.optional(v.pipe(array(text), v.description('Why a person must decide.')), () => []),
  fingerprint: v.pipe(
    text,
    v.regex(/^[0-9a-f]{64}$/, 'should be 64 hexadecimal digits'),
    v.description(
      'SHA-256 of id, firstname, lastname, email, mode and totalSpent in canonical JSON, when the plan was made.',
    ),
  ),
  // Not v.looseObject, whose copy lacks fields with names such as `constructor`.
  record: v.pipe(
    v.custom<Customer>(isObject, not('an object')),
    v.metadata({
      description: 'The customer when the plan was made, with every field that the API sent.',
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string', minLength: 1 } },
    }),
  ),
})

const group = object({
  level,
  why: v.optional(string, ''),
  keeper: v.pipe(
    text,
    v.description(
      'The id of the member that stays. Its decision is `keep` if that of another member is `delete`.',
    ),
  ),
  reviewed: v.optional(
    v.pipe(v.boolean('should be true or false'), v.description('Whether a person has reviewed it.')),
    false,
  ),
  // An empty list is refused with its keeper, which is not in it.
  members: v.pipe(array(member), v.metadata({ minItems: 1 })),
})

/** The decisions about all groups: a file that people read, edit and apply (docs/plan.schema.json). */
export const planSchema = v.pipe(
  object({
    version: v.literal(planVersion, ({ input }) =>
      typeof input === 'number'
        ? `the plan has version ${input}, but this orafi reads version ${planVersion}`
        : 'not an orafi plan',
    ),
    identity: v.pipe(text, v.description('The account that the plan was made for.')),
    mode: oneOf(['test', 'live']),
    key: v.pipe(
      object({ masked: text, hash: text }),
      v.description(
        'The key that it was made with: masked, and as a hash. A different key only causes a warning.',
      ),
    ),
    when: v.pipe(text, v.metadata({ format: 'date-time' })),
    options: object({
      match: level,
      keep: oneOf(keepRules),
      certainty: v.optional(numberFrom(certainties.least, certainties.most), usualCertainty),
    }),
    account: v.optional(
      v.pipe(
        object({
          customers: numberFrom(0, Number.MAX_SAFE_INTEGER),
          repeatedMailboxes: v.optional(
            v.pipe(
              numberFrom(0, Number.MAX_SAFE_INTEGER),
              v.description('How many mailboxes have two records of one person.'),
            ),
          ),
          counts: counts(
            'How many of its customers have each name, domain and word before the @ of this plan.',
          ),
        }),
        v.description('The account when the plan was made, to compare customers again in a review.'),
      ),
      () => ({ customers: 0 }),
    ),
    groups: array(group),
  }),
  v.title('A plan of orafi: decisions about duplicate customers'),
  v.description(
    'Written by `orafi customers duplicates --plan FILE`, edited by people, applied by `orafi customers delete --plan FILE`. Unknown fields are ignored. docs/plan.md explains it.',
  ),
)

/** Parts of the schema that are named in docs/plan.schema.json. */
export const planDefinitions = { level, group, member }

export type Plan = v.InferOutput<typeof planSchema>
export type PlanGroup = Plan['groups'][number]
/** A customer in a plan, as it was when the plan was made. */
export type PlanMember = PlanGroup['members'][number]
/** What to do with a member of a group; `out` takes it out of the group, and nothing happens to it. */
export type Decision = PlanMember['decision']
/** The account for which a plan is valid (docs/contract.md#plans). */
export type PlanPlace = Pick<Plan, 'identity' | 'mode' | 'key'>
