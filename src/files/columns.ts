import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** The fields that every row needs (all three are required: docs/orafi-api.md#endpoints). */
export const fields = ['firstname', 'lastname', 'email'] as const
export type Field = (typeof fields)[number]

/** `--map`: the column to read a field from, if its title is not the field's name. */
export type ColumnMap = Readonly<Partial<Record<Field, string>>>

/** Normalises a title: `First Name`, `first_name` and `FIRSTNAME` are the same, and so are `E-Mail` and `email`. */
export function spellingOf(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

const mapHint =
  'for example --map "email=E-Mail address,firstname=Given"; the fields are firstname, lastname and email'

/**
 * Parses `--map email=E-Mail,firstname=Given`. Titles may contain commas and equals signs. Throws `usage` for an
 * unknown field, a field without a title, and a field that is given twice.
 */
export function parseMap(text: string): ColumnMap {
  const map: Partial<Record<Field, string>> = {}
  // A comma separates two pairs only if a field's name and `=` follow it.
  for (const part of text.split(/,(?=\s*(?:first[\s_-]?name|last[\s_-]?name|e[\s_-]?mail)\s*=)/i)) {
    const [, name = '', title = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? []
    const field = fields.find((one) => one === spellingOf(name))
    if (field === undefined || title.trim() === '') {
      throw new CliError('usage', `--map contains an invalid part: '${visible(part)}'`, { hint: mapHint })
    }
    if (map[field] !== undefined) throw new CliError('usage', `--map names ${field} twice`, { hint: mapHint })
    map[field] = title.trim()
  }
  return map
}

/**
 * The indices of the titles that match a field: those spelled exactly as in the map, or else those that differ only in
 * case, spaces and punctuation.
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
 * The index of each field's column in a header. Throws `usage` listing all missing fields at once, or the first field
 * with more than one column. `line` is the header's.
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
      throw duplicateColumns(field, [column, another], titles, name, line)
    if (column === undefined)
      missing.push(map[field] === undefined ? field : `${field} ('${visible(map[field])}')`)
    else found[field] = column
  }
  if (missing.length > 0) throw missingColumns(missing, titles, name, line)
  return found
}

function duplicateColumns(
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
    { hint: `rename one of them, or choose one: --map ${field}=…` },
  )
}

function missingColumns(
  missing: readonly string[],
  titles: readonly string[],
  name: string,
  line: number,
): CliError {
  if (titles.some((title) => /\S@\S/.test(title))) {
    return new CliError('usage', `${name} has no header: line ${line} contains an e-mail address`, {
      hint: 'the first line must name the columns: firstname, lastname, email',
    })
  }
  const first = titles.slice(0, 20).map(shown).join(', ')
  const all = titles.length > 20 ? `${first}, … (${titles.length} columns)` : first
  return new CliError(
    'usage',
    `${name}, line ${line} has no column for ${missing.join(', ')}; its columns are: ${all}`,
    { hint: 'map the columns, for example --map email=Mail, or choose another --delimiter' },
  )
}

function shown(title: string): string {
  const short = title.length > 40 ? `${title.slice(0, 40)}…` : title
  return `'${visible(short)}'`
}

/** The three fields of an object: their unchecked values, and problems such as a field that is given twice. */
export interface ObjectFields {
  readonly values: Readonly<Partial<Record<Field, unknown>>>
  readonly problems: readonly string[]
}

/** How many keys are cached; the objects of a file usually have the same few. */
const mostKeys = 1000

/**
 * Returns a function that finds the fields of JSON objects, by the same rules as in a CSV header. It caches the keys,
 * since all objects of a file repeat them.
 */
export function createFieldFinder(map: ColumnMap): (object: object) => ObjectFields {
  const known = new Map<string, readonly Field[]>()
  const spellings = fields.map((field) => spellingOf(map[field] ?? field))

  function fieldsOf(key: string): readonly Field[] {
    const cached = known.get(key)
    if (cached !== undefined) return cached
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
        // A key spelled exactly as in the map takes precedence over one that only resembles it.
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
