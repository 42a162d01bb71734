import { CliError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { visible } from '../visible.ts'
import synonyms from './headings.json' with { type: 'json' }

/** What a column can hold: a field, or the whole name. */
export const columnFields = ['firstname', 'lastname', 'fullname', 'email'] as const
export type ColumnField = (typeof columnFields)[number]

/** `--map`: the heading of the column to read a field from. */
export type ColumnMap = Readonly<Partial<Record<ColumnField, string>>>

/** `--default`: what a row gets if it has no such value. */
export type Defaults = Readonly<Partial<Record<'firstname' | 'lastname', string>>>

/** The index of the column of each field that was found. */
export type Columns = Readonly<Partial<Record<ColumnField, number>>>

/** The columns of a heading row, and what stands in the way of using it. */
export interface Match {
  readonly columns: Columns
  /** Fields for which several columns fit equally well. */
  readonly ambiguous: readonly { readonly field: ColumnField; readonly columns: readonly number[] }[]
  /** Fields that no column fits. */
  readonly missing: readonly ColumnField[]
}

/**
 * Normalises a heading: `First Name`, `first_name` and `FIRSTNAME` are the same, `Prénom` and `prenom`, and the Arabic
 * spellings of one word.
 */
export function spellingOf(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/[أإآٱ]/g, 'ا')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')
}

const mapHint =
  'for example --map "email=E-Mail address,firstname=Given"; the fields are firstname, lastname, fullname and email'

/**
 * Parses `--map email=E-Mail,firstname=Given`; headings may contain commas and equals signs. A repeated `--map` adds to
 * the ones before it.
 * @throws CliError `usage` for an unknown field, one without a heading, one with two headings, and one column that is
 * used for two fields
 */
export function parseMap(text: string, before: ColumnMap = {}): ColumnMap {
  const map: Partial<Record<ColumnField, string>> = { ...before }
  // A comma separates two pairs only if a field's name and `=` follow it.
  const parts = text.split(/,(?=\s*(?:first[\s_-]?name|last[\s_-]?name|full[\s_-]?name|e[\s_-]?mail)\s*=)/i)
  for (const part of parts) {
    const [, name = '', given = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? []
    const field = columnFields.find((one) => one === spellingOf(name))
    const heading = given.trim()
    if (field === undefined || heading === '')
      throw new CliError('usage', `--map contains an invalid part: '${visible(part)}'`, { hint: mapHint })
    if (map[field] !== undefined && map[field] !== heading) {
      const both = `'${visible(map[field])}' and '${visible(heading)}'`
      throw new CliError('usage', `--map names ${field} twice: ${both}`, { hint: mapHint })
    }
    map[field] = heading
  }
  checkMap(map)
  return map
}

function checkMap(map: ColumnMap): void {
  const pairs = Object.entries(map)
  for (const [index, [field, heading]] of pairs.entries()) {
    const [other] = pairs.slice(0, index).find(([, each]) => each === heading) ?? []
    if (other !== undefined)
      throw new CliError(
        'usage',
        `--map uses the column '${visible(heading)}' for ${other} and for ${field}`,
        { hint: 'to split a column that holds the whole name, use --map fullname=…' },
      )
  }
  if (map.fullname !== undefined && (map.firstname !== undefined || map.lastname !== undefined))
    throw new CliError('usage', '--map takes either fullname, or firstname and lastname', { hint: mapHint })
}

/**
 * Parses `--default lastname=-`. A repeated `--default` adds to the ones before it.
 * @throws CliError `usage` for another field than firstname and lastname, and for two values for one field
 */
export function parseDefaults(text: string, before: Defaults = {}): Defaults {
  const [, name = '', given = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
  const field = (['firstname', 'lastname'] as const).find((one) => one === spellingOf(name))
  const value = given.trim()
  if (field === undefined || value === '')
    throw new CliError('usage', `--default contains an invalid part: '${visible(text)}'`, {
      hint: 'for example --default lastname=-; only firstname and lastname can have one',
    })
  if (before[field] !== undefined && before[field] !== value)
    throw new CliError('usage', `--default names ${field} twice`, { hint: 'give each field one value' })
  return { ...before, [field]: value }
}

/** How well a heading names a field; 0 is best. Undefined if it does not. */
function rankOf(heading: string, field: ColumnField): number | undefined {
  const spelling = spellingOf(heading)
  if (spelling === field) return 0
  const names: readonly string[] = synonyms[field]
  if (names.includes(spelling)) return 1
  // `Guest Name` is a whole name, but `Username` and `Business Name` are not.
  const whole = field === 'fullname' && !/^(?:user|account|business|order|profile)/.test(spelling)
  const shortened = shorter(spelling, whole ? [...names, 'name'] : names)
  return shortened === undefined ? undefined : 1 + shortened
}

/** How many brand words (`billing`, `user`, a trailing `1`) must be dropped to get one of the names, 1 or 2. */
function shorter(spelling: string, names: readonly string[]): number | undefined {
  const before = ['', ...synonyms.prefixes]
  const after = ['', ...synonyms.suffixes]
  let best: number | undefined
  for (const prefix of before) {
    if (!spelling.startsWith(prefix)) continue
    for (const suffix of after) {
      if (!spelling.endsWith(suffix) || prefix.length + suffix.length >= spelling.length) continue
      if (!names.includes(spelling.slice(prefix.length, spelling.length - suffix.length))) continue
      const dropped = Number(prefix !== '') + Number(suffix !== '')
      best = Math.min(best ?? dropped, dropped)
    }
  }
  return best
}

/** `--map email=#3` names the third column. */
function numberOf(heading: string): number | undefined {
  const digits = /^#([1-9]\d{0,5})$/.exec(heading)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Whether a map names columns by their number, which a file without a header needs. */
export function isNumbered(map: ColumnMap): boolean {
  return Object.values(map).some((heading) => numberOf(heading) !== undefined)
}

/** The columns that a map names: by number, spelled exactly so, or else those that differ only in case and punctuation. */
function columnsNamed(heading: string, headings: readonly string[]): number[] {
  const matching = (matches: (title: string) => boolean): number[] =>
    headings.flatMap((title, index) => (matches(title) ? [index] : []))
  const exact = matching((title) => title.trim() === heading)
  const number = exact.length > 0 ? undefined : numberOf(heading)
  if (number !== undefined) return headings[number - 1] === undefined ? [] : [number - 1]
  const spelling = spellingOf(heading)
  return exact.length > 0 || spelling === '' ? exact : matching((title) => spellingOf(title) === spelling)
}

/** A heading row, and some of the rows below it. */
export interface Table {
  readonly headings: readonly string[]
  readonly samples: readonly (readonly string[])[]
}

/** The columns that name a field best, of those that are not taken and hold such values, if any do. */
function bestColumns(field: ColumnField, table: Table, taken: readonly number[]): number[] {
  const ranked = table.headings.flatMap((heading, index) => {
    const rank = taken.includes(index) ? undefined : rankOf(heading, field)
    return rank === undefined ? [] : [{ index, rank }]
  })
  const suited = ranked.filter(({ index }) => mayHold(field, index, table))
  const left = suited.length > 0 ? suited : ranked
  const best = Math.min(...left.map(({ rank }) => rank))
  const columns = left.filter(({ rank }) => rank === best).map(({ index }) => index)
  // `User Email` is not the customer's where there is an `Invitee Email` too.
  const isShortened = field === 'email' && columns.length > 0 && best > 1
  const known = ranked.map(({ index }) => index)
  return isShortened ? [...columns, ...otherEmails(table, known)] : columns
}

/** Columns of e-mails with a word before that is not known, except those for a second address. */
function otherEmails({ headings, samples }: Table, known: readonly number[]): number[] {
  return headings.flatMap((heading, index) => {
    const spelling = spellingOf(heading)
    const isOther =
      !known.includes(index) &&
      /(?:email|mail|emailaddress|correo|courriel)$/.test(spelling) &&
      !/^(?:second|alt|other|backup|recovery|additional|autre|otro|outro)|\d/.test(spelling) &&
      samples.some((row) => row[index]?.includes('@'))
    return isOther ? [index] : []
  })
}

/** Whether the first values of a column may be of a field: a `Name` can be an order's number, an `Email` yes or no. */
function mayHold(field: ColumnField, column: number, { samples }: Table): boolean {
  const values = samples.map((row) => row[column]?.trim() ?? '').filter((value) => value !== '')
  if (values.length === 0) return true
  return values.some((value) =>
    field === 'email' ? value.includes('@') : /^[^#\d@]*\p{L}[^#\d@]*$/u.test(value),
  )
}

/** The columns that were found for each field: none, one, or several that fit equally well. */
type Found = Partial<Record<ColumnField, readonly number[]>>

/** Matches headings with fields: by the map, else by `headings.json`, where exactly one column fits best. */
export function matchHeadings(
  headings: readonly string[],
  map: ColumnMap,
  defaults: Defaults = {},
  samples: Table['samples'] = [],
): Match {
  const table = { headings, samples }
  const found: Found = {}
  for (const field of columnFields) {
    const heading = map[field]
    if (heading !== undefined) found[field] = columnsNamed(heading, headings)
  }
  search('email', table, found)
  if (map.fullname === undefined) searchNames(table, map, found)
  const entries = columnFields.map((field) => ({ field, columns: found[field] ?? [] }))
  const isMissing = (field: ColumnField): boolean => {
    if (map[field] !== undefined) return true
    if (field === 'email') return true
    return field !== 'fullname' && found.fullname === undefined && defaults[field] === undefined
  }
  return {
    columns: Object.fromEntries(
      entries.flatMap(({ field, columns: [only, another] }) =>
        only === undefined || another !== undefined ? [] : [[field, only]],
      ),
    ),
    ambiguous: entries.filter(({ columns }) => columns.length > 1),
    missing: entries
      .filter(({ field, columns }) => columns.length === 0 && isMissing(field))
      .map(({ field }) => field),
  }
}

function search(field: ColumnField, table: Table, found: Found): void {
  found[field] ??= bestColumns(field, table, Object.values(found).flat())
}

/** First names that go with a column `Name` or `Nom` that holds the last name. */
const besideLastName = /^(?:vornamen?|prenoms?|prenomusuel)$/

/**
 * Finds two columns for the name, or one that holds the whole name. What a column `Name`, `Nom` or `Nombre` holds depends
 * on the columns beside it.
 */
function searchNames(table: Table, map: ColumnMap, found: Found): void {
  const { headings } = table
  search('firstname', table, found)
  search('lastname', table, found)
  const { firstname = [], lastname = [] } = found
  if (firstname.length > 0 && lastname.length > 0) return
  const taken = Object.values(found).flat()
  const plain = headings.flatMap((heading, index) =>
    !taken.includes(index) && synonyms.name.includes(spellingOf(heading)) ? [index] : [],
  )
  const named = plain.filter((index) => mayHold('fullname', index, table))
  const first = spellingOf(headings[firstname[0] ?? -1] ?? '')
  if (named.length === 1 && lastname.length > 0) found.firstname = named
  else if (named.length === 1 && besideLastName.test(first)) found.lastname = named
  else if (map.firstname === undefined && map.lastname === undefined) {
    if (named.length > 0) found.fullname = named
    else search('fullname', table, found)
    if (found.fullname?.length === 0) found.fullname = plain
    if (found.fullname?.length === 0) delete found.fullname
    // The whole name says more than half of it.
    if (found.fullname !== undefined) {
      delete found.firstname
      delete found.lastname
    }
  }
}

/** Whether a row of cells is a heading row: it names the e-mail, and a name. */
export function isHeadingRow(cells: readonly string[], map: ColumnMap): boolean {
  if (cells.some((cell) => /\S@\S/.test(cell))) return false
  const { columns, ambiguous } = matchHeadings(cells, map)
  const found = new Set<ColumnField>([...columnFields.filter((field) => columns[field] !== undefined)])
  for (const { field } of ambiguous) found.add(field)
  return found.has('email') && found.size > 1
}

/**
 * The error for a heading row that cannot be used, with a `--map` for every column that may be meant.
 * @param samples a few rows below it
 */
export function headingError(
  { ambiguous, missing, columns }: Match,
  map: ColumnMap,
  {
    headings,
    samples,
    name,
    line,
  }: {
    readonly headings: readonly string[]
    readonly samples: readonly (readonly string[])[]
    readonly name: string
    readonly line: number
  },
): CliError {
  const [first] = ambiguous
  if (first !== undefined) {
    const places = first.columns.map((column) => `${shown(headings[column] ?? '')} (column ${column + 1})`)
    const titles = [...new Set(first.columns.map((column) => headings[column] ?? ''))]
    const problem = `${name}, line ${line} has more than one column for ${first.field}: ${places.join(', ')}`
    if (titles.length === 1)
      return new CliError('usage', problem, {
        hint: `choose one: ${flags(
          first.field,
          first.columns.map((column) => `#${column + 1}`),
        )}`,
      })
    return new CliError('usage', problem, { hint: `choose one: ${flags(first.field, titles)}` })
  }
  if (headings.some((title) => /\S@\S/.test(title))) {
    return new CliError('usage', `${name} has no header: line ${line} contains an e-mail address`, {
      hint: `name the columns in a first line, such as firstname,lastname,email, or here by number, for example: ${numbers(headings)}`,
    })
  }
  const lacking = missing.map((field) =>
    map[field] === undefined ? field : `${field} ('${visible(map[field])}')`,
  )
  const all = headings.slice(0, 20).map(shown).join(', ')
  const titles = headings.length > 20 ? `${all}, … (${headings.length} columns)` : all
  const taken = new Set(Object.values(columns))
  const hints = flagsFor(missing, (field) =>
    candidatesFor(field, headings, samples)
      .filter((column) => !taken.has(column))
      .map((column) => headings[column] ?? ''),
  )
  const hint =
    hints.length > 0 && (headings.length > 1 || !missing.includes('email'))
      ? `map the columns: ${hints.join(' ')}`
      : headings.length > 1
        ? 'map the columns, for example --map email=Mail, or choose another --delimiter'
        : `is it a CSV? Its delimiter can be given, for example --delimiter '^'`
  return new CliError(
    'usage',
    `${name}, line ${line} has no column for ${lacking.join(', ')}; its columns are: ${titles}`,
    { hint },
  )
}

/** An example of flags that name the columns of a row by number. */
function numbers(row: readonly string[]): string {
  const email = row.findIndex((cell) => /\S@\S/.test(cell)) + 1
  const [first, last] = row.flatMap((_, index) => (index + 1 === email ? [] : [index + 1]))
  const map = (text: string): string => `--map ${shellWord(text)}`
  if (first === undefined) return `${map(`email=#${email}`)} --default firstname=- --default lastname=-`
  return last === undefined
    ? map(`email=#${email},fullname=#${first}`)
    : map(`email=#${email},firstname=#${first},lastname=#${last}`)
}

/** The flags that may help, for each missing field. */
function flagsFor(missing: readonly ColumnField[], titlesFor: (field: ColumnField) => string[]): string[] {
  const lacks = (field: ColumnField): boolean => missing.includes(field)
  const names = titlesFor('fullname')
  const isWhole = lacks('firstname') && lacks('lastname') && names.length === 1
  const hints = missing
    .filter((field) => !isWhole || field === 'email')
    .map((field) => flags(field, titlesFor(field)))
  if (isWhole) hints.push(flags('fullname', names))
  const isNameless = lacks('firstname') && names.length === 0
  if (isNameless) hints.push('--default firstname=-')
  if (lacks('lastname') && (isNameless || !lacks('firstname'))) hints.push('--default lastname=-')
  return hints.filter((hint) => hint !== '')
}

/** `--map 'email=Work Email' or --map 'email=Home Email'` */
function flags(field: ColumnField, titles: readonly string[]): string {
  return titles
    .slice(0, 5)
    .map((title) => `--map ${shellWord(`${field}=${visible(title.trim())}`)}`)
    .join(' or ')
}

/** Columns that may hold a field: by a part of their heading, or by the values below it. */
function candidatesFor(
  field: ColumnField,
  headings: readonly string[],
  samples: readonly (readonly string[])[],
): number[] {
  const values = (column: number): string[] =>
    samples.map((row) => row[column] ?? '').filter((cell) => cell !== '')
  const fits = (column: number): boolean => {
    if ((headings[column] ?? '').trim() === '') return false
    const below = values(column)
    if (field === 'email') return below.some((cell) => /\S@\S/.test(cell))
    const isNamed = /name|nom|naam|nom|jina|اسم|apell|vor|contact|client|customer|person|who/iu.test(
      headings[column] ?? '',
    )
    return isNamed && below.every((cell) => /\p{L}/u.test(cell) && !/@|\d{3}|:\/\//.test(cell))
  }
  return headings.flatMap((_, column) => (fits(column) ? [column] : []))
}

function shown(title: string): string {
  const short = title.length > 40 ? `${title.slice(0, 40)}…` : title
  return `'${visible(short)}'`
}
