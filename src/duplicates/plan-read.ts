import { parse } from 'lossless-json'
import * as v from 'valibot'
import { CliError } from '../errors.ts'
import { parseExact } from '../exact.ts'
import { shellWord } from '../shell-word.ts'
import { visible } from '../visible.ts'
import { type Plan, type PlanGroup, planSchema, planVersion } from './plan-schema.ts'

/**
 * Parses a plan file, which people may have edited. Unknown fields are ignored.
 *
 * @param file its name, for messages
 * @throws CliError `usage` with the line and column of invalid JSON, or with the field that is wrong; also for another
 *   version, a repeated id, and a group that deletes without keeping exactly one member
 */
export function readPlan(text: string, file: string): Plan {
  const { success, issues, output } = v.safeParse(planSchema, parsed(text, file), { abortEarly: true })
  if (!success) {
    const [{ message, path = [], type, input }] = issues
    throw fieldError(file, pathOf(path), message, type === 'literal' ? versionHint(input, file) : undefined)
  }
  const seen = new Map<string, string>()
  for (const [at, group] of output.groups.entries()) {
    checkMembers(group, `groups[${at}]`, seen, file)
    checkKeeper(group, `groups[${at}]`, file)
  }
  return output
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

/** A `usage` error that names the file and the field; the path is empty for the whole file. */
function fieldError(file: string, path: string, problem: string, hint?: string): CliError {
  const where = path === '' ? visible(file) : `${visible(file)}: ${path}`
  return new CliError('usage', `${where}: ${problem}`, hint === undefined ? {} : { hint })
}

/** For example `groups[3].members[1].decision`. */
function pathOf(path: readonly v.IssuePathItem[]): string {
  return path
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
}

function versionHint(version: unknown, file: string): string | undefined {
  if (typeof version !== 'number') return undefined
  const again = `orafi customers duplicates --plan ${visible(shellWord(file))} --force`
  return `${version > planVersion ? 'update orafi, or ' : ''}create the plan again: ${again}`
}

/** @param seen where the ids of the groups before are; the members' ids are added */
function checkMembers({ members }: PlanGroup, at: string, seen: Map<string, string>, file: string): void {
  for (const [index, { id, record, comparedWith }] of members.entries()) {
    const path = `${at}.members[${index}]`
    if (record.id !== id) {
      throw fieldError(file, `${path}.record.id`, `should be the member's id, ${visible(id)}`)
    }
    if (comparedWith !== undefined && !members.some((one) => one.id === comparedWith && one.id !== id)) {
      const problem = `${visible(comparedWith)} is not another member of the group`
      throw fieldError(file, `${path}.comparedWith`, problem)
    }
    const first = seen.get(id)
    if (first !== undefined) throw fieldError(file, `${path}.id`, `${visible(id)} is already at ${first}`)
    seen.set(id, `${path}.id`)
  }
}

/**
 * A group that deletes must have exactly one member with `keep`: its keeper. A keeper with `delete` is accepted here:
 * applying the plan then leaves the other members out, with a reason.
 */
function checkKeeper({ keeper, members }: PlanGroup, at: string, file: string): void {
  const keeperMember = members.find(({ id }) => id === keeper)
  if (keeperMember === undefined)
    throw fieldError(file, `${at}.keeper`, `${visible(keeper)} is not a member of the group`)
  if (members.every(({ decision }) => decision !== 'delete')) return
  const second = members.findIndex(({ id, decision }) => decision === 'keep' && id !== keeper)
  if (second !== -1) {
    throw fieldError(
      file,
      `${at}.members[${second}].decision`,
      `a group keeps only one member, and its keeper is ${visible(keeper)}`,
      'use "out" for other members that stay',
    )
  }
  if (keeperMember.decision === 'keep' || keeperMember.decision === 'delete') return
  throw fieldError(
    file,
    `${at}.keeper`,
    `the group has deletions, but the decision of its keeper is "${keeperMember.decision}"`,
    'set one member to "keep", and name it as keeper',
  )
}
