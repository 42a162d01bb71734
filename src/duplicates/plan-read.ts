import { parse } from 'lossless-json'
import type { Customer } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { parseExact } from '../exact.ts'
import { visible } from '../visible.ts'
import { keepRules } from './decide.ts'
import { levels } from './evidence.ts'
import { decisions, type Plan, type PlanGroup, type PlanMember, planVersion } from './plan.ts'
import { type Field, fieldError, fieldOf, itemsOf, objectOf, textOf, wordOf } from './plan-fields.ts'

/**
 * Parses a plan file, which people may have edited. Unknown fields are ignored.
 *
 * @param file its name, for messages
 * @throws CliError `usage` with the line and column of invalid JSON, or with the field that is wrong; also for another
 *   version, a repeated id, and a group that deletes without keeping exactly one member
 */
export function readPlan(text: string, file: string): Plan {
  const whole: Field = { value: parsed(text, file), path: '', file }
  objectOf(whole)
  checkVersion(whole)
  const options = fieldOf(whole, 'options')
  const key = fieldOf(whole, 'key')
  const plan: Plan = {
    version: planVersion,
    identity: textOf(fieldOf(whole, 'identity')),
    mode: wordOf(fieldOf(whole, 'mode'), ['test', 'live']),
    key: { masked: textOf(fieldOf(key, 'masked')), hash: textOf(fieldOf(key, 'hash')) },
    when: textOf(fieldOf(whole, 'when')),
    options: {
      match: wordOf(fieldOf(options, 'match'), levels),
      keep: wordOf(fieldOf(options, 'keep'), keepRules),
    },
    groups: itemsOf(fieldOf(whole, 'groups')).map(readGroup),
  }
  checkIds(plan, file)
  return plan
}

function parsed(text: string, file: string): unknown {
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text
  try {
    return parseExact(bare)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new CliError('usage', `${visible(file)}${placeOf(bare)}: not valid JSON`, {
      hint: 'fix it (often a comma or a quote), or create the plan again',
    })
  }
}

/** `:line:column` of a JSON error, from lossless-json, since V8 does not always include the position. */
function placeOf(text: string): string {
  let message = ''
  try {
    parse(text)
  } catch (error) {
    message = error instanceof Error ? error.message : ''
  }
  const position = /position (\d+)$/.exec(message)?.[1]
  if (position === undefined) return ''
  const before = text.slice(0, Number(position)).split('\n')
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

function checkVersion(whole: Field): void {
  const field = fieldOf(whole, 'version')
  if (field.value === planVersion) return
  if (typeof field.value !== 'number') throw fieldError(field, 'not an orafi plan')
  const newer = field.value > planVersion
  throw fieldError(
    field,
    `the plan has version ${field.value}, but this orafi reads version ${planVersion}`,
    newer ? 'update orafi, or create the plan again' : 'create the plan again',
  )
}

function readGroup(group: Field): PlanGroup {
  const members = itemsOf(fieldOf(group, 'members')).map(readMember)
  const read: PlanGroup = {
    level: wordOf(fieldOf(group, 'level'), levels),
    why: optionalText(fieldOf(group, 'why')),
    keeper: textOf(fieldOf(group, 'keeper')),
    reviewed: optionalBoolean(fieldOf(group, 'reviewed')),
    members,
  }
  checkKeeper(group, read)
  return read
}

function readMember(field: Field): PlanMember {
  const record = fieldOf(field, 'record')
  const id = textOf(fieldOf(field, 'id'))
  const recordId = fieldOf(record, 'id')
  if (recordId.value !== id) throw fieldError(recordId, `should be the member's id, ${visible(id)}`)
  const fingerprint = fieldOf(field, 'fingerprint')
  if (!/^[0-9a-f]{64}$/.test(textOf(fingerprint)))
    throw fieldError(fingerprint, 'should be 64 hexadecimal digits')
  return {
    id,
    decision: wordOf(fieldOf(field, 'decision'), decisions),
    why: optionalText(fieldOf(field, 'why')),
    reasons: optionalTexts(fieldOf(field, 'reasons')),
    fingerprint: textOf(fingerprint),
    // A customer is any object with an id, which was checked above.
    record: objectOf(record) as Customer,
  }
}

function optionalText(field: Field): string {
  return field.value === undefined || field.value === '' ? '' : textOf(field)
}

function optionalTexts(field: Field): string[] {
  return field.value === undefined ? [] : itemsOf(field).map(textOf)
}

function optionalBoolean(field: Field): boolean {
  if (field.value === undefined) return false
  if (typeof field.value !== 'boolean') throw fieldError(field, 'should be true or false')
  return field.value
}

/**
 * A group that deletes must have exactly one member with `keep`: its keeper. A keeper with `delete` is accepted here:
 * applying the plan then leaves the other members out, with a reason.
 */
function checkKeeper(group: Field, { keeper, members }: PlanGroup): void {
  const field = fieldOf(group, 'keeper')
  const keeperMember = members.find(({ id }) => id === keeper)
  if (keeperMember === undefined) throw fieldError(field, `${visible(keeper)} is not a member of the group`)
  if (members.every(({ decision }) => decision !== 'delete')) return
  for (const [index, { id, decision }] of members.entries()) {
    if (decision !== 'keep' || id === keeper) continue
    const path = `${group.path}.members[${index}].decision`
    throw fieldError(
      { ...group, path },
      `a group keeps only one member, and its keeper is ${visible(keeper)}`,
      'use "out" for other members that stay',
    )
  }
  if (keeperMember.decision === 'keep' || keeperMember.decision === 'delete') return
  throw fieldError(
    field,
    `the group deletes, but its keeper is "${keeperMember.decision}"`,
    'set one member to "keep", and name it as keeper',
  )
}

function checkIds({ groups }: Plan, file: string): void {
  const seen = new Map<string, string>()
  for (const [at, { members }] of groups.entries()) {
    for (const [index, { id }] of members.entries()) {
      const path = `groups[${at}].members[${index}].id`
      const first = seen.get(id)
      if (first !== undefined)
        throw fieldError({ value: id, path, file }, `${visible(id)} is already at ${first}`)
      seen.set(id, path)
    }
  }
}
