import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** A value of a file that people edit, with the way to it, so that what is wrong with it can be named. */
export interface Field {
  readonly value: unknown
  /** As people write it: `groups[3].members[1].decision`; empty for the whole. */
  readonly path: string
  /** The file, for messages. */
  readonly file: string
}

/** A `usage` error that names the file and the field. */
export function fieldError({ path, file }: Field, problem: string, hint?: string): CliError {
  const where = path === '' ? visible(file) : `${visible(file)}: ${path}`
  return new CliError('usage', `${where}: ${problem}`, hint === undefined ? {} : { hint })
}

/** A field of an object. Throws `usage` where the value is no object; a missing field has the value undefined. */
export function fieldOf(parent: Field, name: string): Field {
  const path = parent.path === '' ? name : `${parent.path}.${name}`
  return {
    value: Object.hasOwn(objectOf(parent), name) ? objectOf(parent)[name] : undefined,
    path,
    file: parent.file,
  }
}

/** Throws `usage` where the value is no object. */
export function objectOf(field: Field): Readonly<Record<string, unknown>> {
  const { value } = field
  if (!isObject(value)) throw fieldError(field, `should be an object, not ${nameOf(value)}`)
  return value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of an array. Throws `usage` where the value is none. */
export function itemsOf(field: Field): Field[] {
  const { value, path, file } = field
  if (!Array.isArray(value)) throw fieldError(field, `should be an array, not ${nameOf(value)}`)
  return value.map((item: unknown, index) => ({ value: item, path: `${path}[${index}]`, file }))
}

/** Throws `usage` where the value is no text, or an empty one. */
export function textOf(field: Field): string {
  if (typeof field.value !== 'string') throw fieldError(field, `should be a text, not ${nameOf(field.value)}`)
  if (field.value === '') throw fieldError(field, 'should not be empty')
  return field.value
}

/** Throws `usage` where the value is none of the words, and names them. */
export function wordOf<Word extends string>(field: Field, words: readonly Word[]): Word {
  const found = words.find((word) => word === field.value)
  if (found === undefined)
    throw fieldError(field, `should be ${words.join(', ')}, not ${nameOf(field.value)}`)
  return found
}

const longestShown = 40

function nameOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') {
    return `"${visible(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)}"`
  }
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : String(value)
}
