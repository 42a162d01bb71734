import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** What a row has to say about a customer (all three are required: docs/orafi-api.md#endpoints). */
export const fields = ['firstname', 'lastname', 'email'] as const
export type Field = (typeof fields)[number]

/** Which column a field is taken from, where its name does not say so: `--map`. */
export type ColumnMap = Readonly<Partial<Record<Field, string>>>

/** `First Name`, `first_name` and `FIRSTNAME` are one title, `E-Mail` and `email` another. */
export function spellingOf(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

const mapHint =
  'as in --map "email=E-Mail address,firstname=Given"; the fields are firstname, lastname and email'

/**
 * Reads `--map email=E-Mail,firstname=Given`. A title may hold commas and equals signs. Throws `usage` for a field
 * that there is not, one without a title, and one that comes twice.
 */
export function parseMap(text: string): ColumnMap {
  const map: Partial<Record<Field, string>> = {}
  // A comma parts two columns only where the name of a field and `=` follow it.
  for (const part of text.split(/,(?=\s*(?:first[\s_-]?name|last[\s_-]?name|e[\s_-]?mail)\s*=)/i)) {
    const [, name = '', title = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? []
    const field = fields.find((one) => one === spellingOf(name))
    if (field === undefined || title.trim() === '') {
      throw new CliError('usage', `--map does not understand '${visible(part)}'`, { hint: mapHint })
    }
    if (map[field] !== undefined) throw new CliError('usage', `--map names ${field} twice`, { hint: mapHint })
    map[field] = title.trim()
  }
  return map
}

/**
 * Which of these titles belong to a field: the ones spelled as the map says, else those that only differ in case,
 * spaces and signs.
 */
export function columnsFor(field: Field, titles: readonly string[], map: ColumnMap): number[] {
  const wanted = map[field] ?? field
  const matching = (matches: (title: string) => boolean): number[] =>
    titles.flatMap((title, index) => (matches(title) ? [index] : []))
  const exact = map[field] === undefined ? [] : matching((title) => title.trim() === wanted)
  const spelling = spellingOf(wanted)
  return exact.length > 0 || spelling === '' ? exact : matching((title) => spellingOf(title) === spelling)
}

/**
 * Where a header has the three fields. Throws `usage` naming all that are missing or stand there twice, so that all
 * are mended at once. `line` is the header's.
 */
export function fieldColumns(
  titles: readonly string[],
  map: ColumnMap,
  name: string,
  line: number,
): Record<Field, number> {
  const found = { firstname: -1, lastname: -1, email: -1 }
  const missing: string[] = []
  for (const field of fields) {
    const [column, another] = columnsFor(field, titles, map)
    if (column !== undefined && another !== undefined)
      throw twice(field, [column, another], titles, name, line)
    if (column === undefined)
      missing.push(map[field] === undefined ? field : `${field} ('${visible(map[field])}')`)
    else found[field] = column
  }
  if (missing.length > 0) throw lacking(missing, titles, name, line)
  return found
}

function twice(
  field: Field,
  columns: readonly number[],
  titles: readonly string[],
  name: string,
  line: number,
): CliError {
  const places = columns.map((column) => `${shown(titles[column] ?? '')} (column ${column + 1})`)
  return new CliError(
    'usage',
    `${name}, line ${line} has more than one column for ${field}: ${places.join(', ')}`,
    {
      hint: `rename one of them, or say which it is: --map ${field}=…`,
    },
  )
}

function lacking(
  missing: readonly string[],
  titles: readonly string[],
  name: string,
  line: number,
): CliError {
  if (titles.some((title) => /\S@\S/.test(title))) {
    return new CliError('usage', `${name} has no header: line ${line} holds an e-mail address`, {
      hint: 'let the first line name the columns: firstname, lastname, email',
    })
  }
  const some = titles.slice(0, 20).map(shown).join(', ')
  const there = titles.length > 20 ? `${some}, … (${titles.length} columns)` : some
  return new CliError(
    'usage',
    `${name}, line ${line} has no column for ${missing.join(', ')}; it names: ${there}`,
    { hint: 'say which columns they are, as in --map email=Mail, or give another --delimiter' },
  )
}

function shown(title: string): string {
  const short = title.length > 40 ? `${title.slice(0, 40)}…` : title
  return `'${visible(short)}'`
}

/** What an object says of the three fields: the values as they stand there, and keys that say a thing twice. */
export interface ObjectFields {
  readonly values: Readonly<Partial<Record<Field, unknown>>>
  readonly problems: readonly string[]
}

/** How many keys are remembered; objects of one file mostly have the same few. */
const mostKeys = 1000

/**
 * Finds the fields of JSON objects, by the same rules as those of a CSV's header. Returned as a function that learns
 * the keys of a file, since a million objects repeat them.
 */
export function createFieldFinder(map: ColumnMap): (object: object) => ObjectFields {
  const known = new Map<string, readonly Field[]>()
  const spellings = fields.map((field) => spellingOf(map[field] ?? field))

  function fieldsOf(key: string): readonly Field[] {
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const spelling = spellingOf(key)
    const found = fields.filter(
      (field, index) => key.trim() === map[field] || (spelling !== '' && spelling === spellings[index]),
    )
    if (known.size < mostKeys) known.set(key, found)
    return found
  }

  return (object) => {
    const values: Partial<Record<Field, unknown>> = {}
    const keys: Partial<Record<Field, string>> = {}
    const problems: string[] = []
    for (const [key, value] of Object.entries(object)) {
      for (const field of fieldsOf(key)) {
        const before = keys[field]
        // What the map spells exactly so beats what only looks like it.
        if (before !== undefined && before.trim() === map[field]) continue
        if (before !== undefined && key.trim() !== map[field])
          problems.push(`has ${field} twice: as '${visible(before)}' and as '${visible(key)}'`)
        keys[field] = key
        values[field] = value
      }
    }
    return { values, problems }
  }
}
