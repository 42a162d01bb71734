import * as v from 'valibot'
import type { Customer } from '../api/customer.ts'
import { visible } from '../visible.ts'
import { keepRules } from './decide.ts'
import { levels } from './evidence.ts'

/** The version of plan files. Fingerprints of version 1 included dates. */
export const planVersion = 2

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
    options: object({ match: level, keep: oneOf(keepRules) }),
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
