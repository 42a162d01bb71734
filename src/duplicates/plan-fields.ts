import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** A value in a file that people edit, with its path, so that errors can name it. */
export interface Field {
  readonly value: unknown
  /** For example `groups[3].members[1].decision`; empty for the whole file. */
  readonly path: string
  /** The file, for messages. */
  readonly file: string
}

/** A `usage` error that names the file and the field. */
export function fieldError({ path, file }: Field, problem: string, hint?: string): CliError {
  const where = path === '' ? visible(file) : `${visible(file)}: ${path}`
  return new CliError('usage', `${where}: ${problem}`, hint === undefined ? {} : { hint })
}

/** A field of an object; a missing one has the value undefined. Throws `usage` if the parent is not an object. */
export function fieldOf(parent: Field, name: string): Field {
  const path = parent.path === '' ? name : `${parent.path}.${name}`
  return {
    value: Object.hasOwn(objectOf(parent), name) ? objectOf(parent)[name] : undefined,
    path,
    file: parent.file,
  }
}

/** The value as an object. Throws `usage` if it is not one. */
export function objectOf(field: Field): Readonly<Record<string, unknown>> {
  const { value } = field
  if (!isObject(value)) throw fieldError(field, `should be an object, not ${shown(value)}`)
  return value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The items of an array. Throws `usage` if the value is not an array. */
export function itemsOf(field: Field): Field[] {
  const { value, path, file } = field
  if (!Array.isArray(value)) throw fieldError(field, `should be an array, not ${shown(value)}`)
  return value.map((item: unknown, index) => ({ value: item, path: `${path}[${index}]`, file }))
}

/** The value as a string. Throws `usage` if it is not a string, or is empty. */
export function textOf(field: Field): string {
  if (typeof field.value !== 'string')
    throw fieldError(field, `should be a string, not ${shown(field.value)}`)
  if (field.value === '') throw fieldError(field, 'should not be empty')
  return field.value
}

/** The value as one of the words. Throws `usage` with the words if it is none of them. */
export function wordOf<Word extends string>(field: Field, words: readonly Word[]): Word {
  const found = words.find((word) => word === field.value)
  if (found === undefined)
    throw fieldError(field, `should be one of ${words.join(', ')}, not ${shown(field.value)}`)
  return found
}

const longestShown = 40

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') {
    return `"${visible(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)}"`
  }
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : String(value)
}
