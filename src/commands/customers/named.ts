import type { Customer } from '../../api/customer.ts'
import type { Context } from '../../context.ts'
import { count } from '../../count.ts'
import { fieldOf } from '../../customers/fields.ts'
import { checkId } from '../../customers/validation.ts'
import { isEmail, sameEmail, strictEmail } from '../../email.ts'
import { CliError } from '../../errors.ts'
import { readNamed } from '../../files/ids.ts'
import type { TwiceReadable } from '../../files/input.ts'
import { cleaned } from '../../files/rows.ts'
import { modeTextOf, textOf } from '../../output/cells.ts'
import { dayOf } from '../../output/columns.ts'
import { type Column, report } from '../../output/result.ts'
import { visible } from '../../visible.ts'

/** A customer that an argument or a file names: by id, by e-mail, or by both, which must then be one record. */
export interface Name {
  readonly id?: string | undefined
  readonly email?: string | undefined
  /** Where a file has it: `old.csv, line 3`. */
  readonly place?: string | undefined
}

/** What a name stands for. */
export type Resolved =
  | {
      readonly outcome: 'found'
      readonly id: string
      /** Throws `usage` if the record with this id, undefined if there is none, is not the one that was named. */
      check(record: Customer | undefined): void
      /** Why the record is not the one that was found by its e-mail: the e-mail has changed since. */
      reasonToKeep(record: Customer): string | undefined
    }
  /** No customer has the e-mail. */
  | { readonly outcome: 'notFound'; readonly email: string }
  /** Several customers have the e-mail, and none of them was chosen. */
  | { readonly outcome: 'notChosen'; readonly email: string }

/** Whether arguments need many requests: e-mails are looked up by reading the whole account. */
export function needMany(words: readonly string[]): boolean {
  return words.some((word) => word === '-' || word.includes('@'))
}

/**
 * The names in arguments; `-` stands for those in standard input. Throws `usage` for an argument that is neither an id nor
 * an e-mail, before anything is read.
 */
export async function namesIn(
  context: Context,
  words: readonly string[],
  openStdin: () => Promise<TwiceReadable>,
): Promise<Name[]> {
  const named = words.map((word) => (word === '-' ? undefined : nameIn(word)))
  const standardInput = words.includes('-') ? await namesInFile(context, await openStdin()) : []
  const first = words.indexOf('-')
  return named.flatMap((name, index) => name ?? (index === first ? standardInput : []))
}

/** The name in an argument. Throws `usage` if it is neither an id nor an e-mail. */
export function nameIn(word: string): Name {
  if (!word.includes('@')) {
    checkId(word)
    return { id: word }
  }
  const email = cleaned('email', word)
  if (isEmail(email)) return { email }
  throw new CliError('usage', `'${visible(word)}' is neither an id nor an e-mail address`, {
    hint: 'find ids and e-mails with: orafi customers find',
  })
}

/** The names in a file of ids and e-mails. Throws `usage` with the line for a value that is neither. */
export async function namesInFile(context: Context, input: TwiceReadable): Promise<Name[]> {
  context.status({ what: `reading ${input.name}` })
  const named = await readNamed(input, (note) => context.note(note))
  return named.map(({ id, email, line }) => ({ id, email, place: `${input.name}, line ${line}` }))
}

/** Finds all customers with one of these e-mails (see `sameEmail`), such as `customersWith`. */
type Lookup = (emails: ReadonlyMap<string, unknown>) => Promise<readonly Customer[]>

/** How e-mails are resolved. */
export interface Resolving {
  /** What becomes of the customers: the word in questions. */
  readonly verb: 'show' | 'delete' | 'compare'
  /** Whether the user can be asked which of several customers is meant. */
  readonly canAsk: boolean
}

/**
 * Finds the customers that are named, each once, in order. E-mails are looked up in one scan of the whole account
 * (docs/contract.md#ids).
 * @throws CliError `usage` if an e-mail is that of several customers and prompting is not possible · `declined` if none
 * was chosen · the errors of the scan, so that an incomplete one resolves nobody
 */
export async function resolve(
  context: Context,
  lookup: Lookup,
  names: readonly Name[],
  how: Resolving,
): Promise<Resolved[]> {
  const chosen = await owners(context, lookup, names, how)
  const both = groupedBy(
    names.filter(({ email }) => email !== undefined),
    ({ id }) => id,
  )
  const ids = new Set(names.map(({ id }) => id))
  const resolved = new Map<string, Resolved>()
  const add = (id: string, scanned?: Customer): void => {
    const check = (record: Customer | undefined): void => {
      for (const name of both.get(id) ?? []) checkBoth(name, record, how.verb)
    }
    const reasonToKeep = (record: Customer): string | undefined =>
      scanned === undefined || ids.has(id) ? undefined : changedEmail(scanned, record)
    resolved.set(id, { outcome: 'found', id, check, reasonToKeep })
  }
  for (const { id, email = '' } of names) {
    const customers = chosen.get(sameEmail(email))
    if (id !== undefined) add(id)
    else if (customers === undefined) resolved.set(email, { outcome: 'notFound', email })
    else if (customers.length === 0) resolved.set(email, { outcome: 'notChosen', email })
    else for (const customer of customers) add(customer.id, customer)
  }
  if ([...resolved.values()].some(({ outcome }) => outcome !== 'notChosen')) return [...resolved.values()]
  throw new CliError('declined', noneChosen[how.verb])
}

/** The e-mail of a customer that was found by it may change, or be another one in a stale list, before it is fetched. */
function changedEmail(scanned: Customer, now: Customer): string | undefined {
  const [before, after] = [scanned, now].map(({ email }) =>
    typeof email === 'string' ? strictEmail(email) : undefined,
  )
  return before === after ? undefined : `its e-mail is no longer ${visible(String(scanned.email))}`
}

/** A record beside an e-mail in a file must have that e-mail: the ids may be those of another program. */
function checkBoth(
  { id = '', email = '', place }: Name,
  record: Customer | undefined,
  verb: Resolving['verb'],
): void {
  const otherwise = verb === 'delete' ? '; nothing was deleted' : ''
  if (record === undefined) {
    throw new CliError('usage', `${place}: there is no customer ${visible(id)}${otherwise}`, {
      hint: 'if these are not Orafi ids, remove the id column: the e-mails are enough. If they are, remove the e-mail column',
    })
  }
  const actual = typeof record.email === 'string' ? record.email : ''
  if (strictEmail(cleaned('email', actual)) === strictEmail(email)) return
  const other = actual === '' ? 'no e-mail' : `the e-mail ${visible(actual)}`
  throw new CliError(
    'usage',
    `${place}: customer ${visible(id)} has ${other}, not ${visible(email)}${otherwise}`,
    { hint: 'if these are not Orafi ids, remove the id column: the e-mails are enough' },
  )
}

/**
 * The customers with the e-mails among the names, by `sameEmail`; those chosen where several have one. No entry for an
 * e-mail that nobody has.
 */
async function owners(
  context: Context,
  lookup: Lookup,
  names: readonly Name[],
  { verb, canAsk }: Resolving,
): Promise<Map<string, readonly Customer[]>> {
  const typed = groupedBy(
    names.flatMap(({ id, email }) => (id === undefined && email !== undefined ? [email] : [])),
    sameEmail,
  )
  if (typed.size === 0) return new Map()
  const matches = await lookup(typed)
  const found = new Map<string, readonly Customer[]>(
    groupedBy(matches, ({ email }) => sameEmail(String(email))),
  )
  // A deletion is sure of a customer whose e-mail only resembles the given one as little as of two customers.
  const isSure = (key: string, customers: readonly Customer[]): boolean => {
    const spelled = customers.map(({ email }) => strictEmail(String(email)))
    return (
      customers.length === 1 &&
      (verb !== 'delete' || (typed.get(key) ?? []).some((email) => spelled.includes(strictEmail(email))))
    )
  }
  const unsure = [...typed].flatMap(([key, [email = key]]) => {
    const customers = found.get(key) ?? []
    return customers.length === 0 || isSure(key, customers) ? [] : [{ key, email, customers }]
  })
  if (unsure.length > 0 && !canAsk) {
    const each = unsure.map(({ email, customers }) => ambiguity(email, customers))
    const nothing = verb === 'delete' ? 'nothing was deleted: ' : ''
    throw new CliError('usage', `${nothing}${each.join('; ')}`, {
      ids: unsure.flatMap(({ customers }) => customers.map(({ id }) => id)),
      hint:
        verb === 'delete'
          ? 'use the ids, or choose on a terminal, without --yes'
          : 'use the ids, or choose on a terminal',
    })
  }
  for (const { key, email, customers } of unsure) {
    found.set(key, await choose(context, email, customers, verb))
  }
  return found
}

function ambiguity(email: string, customers: readonly Customer[]): string {
  const [only, another] = customers
  if (only !== undefined && another === undefined)
    return `no customer has exactly ${visible(email)}; the closest is ${visible(String(only.email))} (${visible(only.id)})`
  const ids = customers.map(({ id }) => visible(id)).join(', ')
  return `${count(customers.length, 'customer')} have the e-mail ${visible(email)}: ${ids}`
}

const noneChosen = {
  delete: 'nothing was deleted',
  show: 'no customer was chosen',
  compare: 'nothing was compared',
} as const

/** Lists customers with numbers, and asks which of them are meant. */
async function choose(
  context: Context,
  email: string,
  customers: readonly Customer[],
  verb: Resolving['verb'],
): Promise<readonly Customer[]> {
  await context.warn(ambiguity(email, customers))
  const rows = customers.map((customer, index) => ({
    number: String(index + 1),
    id: customer.id,
    firstname: textOf(customer.firstname),
    lastname: textOf(customer.lastname),
    email: textOf(customer.email),
    mode: modeTextOf(customer.mode),
    spent: textOf(customer.totalSpent),
    created: dayOf(textOf(fieldOf(customer, 'createdAt'))),
  }))
  // The e-mail is known, unless it is written in another way.
  const isSame = customers.every((customer) => customer.email === email)
  const columns = choiceColumns.filter(({ key }) => key !== 'email' || !isSame)
  await context.show(report(undefined, rows, columns))
  const prompts = await context.prompts(noneChosen[verb])
  for (;;) {
    const numbers = customers.length === 1 ? '1' : `1-${customers.length}, all`
    const answer = await prompts.typed(`Which to ${verb}? [${numbers}; Enter for none]`)
    const chosen = numbersIn(answer, customers.length)
    if (chosen !== undefined) return customers.filter((_, index) => chosen.has(index + 1))
    await context.warn(`'${visible(answer)}' is not a choice: type a number, or several separated by commas`)
  }
}

const choiceColumns: readonly Column[] = [
  { key: 'number', title: '#', align: 'right' },
  { key: 'id', title: 'ID' },
  { key: 'firstname', title: 'FIRST NAME', least: 6 },
  { key: 'lastname', title: 'LAST NAME', least: 6 },
  { key: 'email', title: 'EMAIL', least: 20 },
  { key: 'mode', title: 'MODE' },
  { key: 'spent', title: 'SPENT', align: 'right' },
  { key: 'created', title: 'CREATED', drop: 2 },
]

/** The numbers in an answer, each from 1 to `most`; none for an empty one. Undefined if it cannot be understood. */
function numbersIn(answer: string, most: number): Set<number> | undefined {
  if (/^(?:|0|n|no|none)$/i.test(answer)) return new Set()
  if (/^all$/i.test(answer)) return new Set(Array.from({ length: most }, (_, index) => index + 1))
  const parts = answer.split(/[\s,]+/).map((part) => /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part))
  const numbers = new Set<number>()
  for (const part of parts) {
    const [from, to] = [Number(part?.[1]), Number(part?.[2] ?? part?.[1])]
    if (!(from >= 1 && from <= to && to <= most)) return undefined
    for (let number = from; number <= to; number++) numbers.add(number)
  }
  return numbers
}

function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
