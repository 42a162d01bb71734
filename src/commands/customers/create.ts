import { type Command, Option } from '@commander-js/extra-typings'
import type { Client } from '../../api/client.ts'
import { type Customer, type NewCustomer, newCustomerFields } from '../../api/customer.ts'
import { createCustomer } from '../../api/customers.ts'
import { ApiError } from '../../api/errors.ts'
import type { Context, Run } from '../../context.ts'
import { checkFields, checkNewCustomer, problemOf } from '../../customers/validation.ts'
import { sameEmail } from '../../email.ts'
import { withHint } from '../../hints.ts'
import { one, type Report, report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { shellWord } from '../../shell-word.ts'
import { visible } from '../../visible.ts'
import { delimiterOption } from '../options.ts'
import { accountFlags } from '../summary.ts'
import { confirmNew, customersWith, existsError } from './existing.ts'

type Fields = { [Field in keyof NewCustomer]?: string | undefined }

interface Options extends Fields {
  readonly check?: true | undefined
  readonly ifMissing?: true | undefined
  readonly dryRun?: true | undefined
}

const questions = { firstname: 'First name', lastname: 'Last name', email: 'E-mail' } as const

/** `orafi customers create` */
export function define(command: Command, run: Run): void {
  command
    .option('--firstname <name>', 'first name')
    .option('--lastname <name>', 'last name')
    .option('--email <address>', 'e-mail address')
    .addOption(
      new Option('--check', 'read the whole account first; create nothing if the e-mail exists').conflicts(
        'ifMissing',
      ),
    )
    .option('--if-missing', 'like --check, but print the existing customer and exit with 0')
    .option(
      '--dry-run',
      'validate without creating anything; with --check or --if-missing, also look up the e-mail',
    )
    .addOption(delimiterOption())
    .action(run(create, 'customers'))
}

async function create(context: Context, options: Options): Promise<void> {
  const { check = false, ifMissing = false, dryRun = false } = options
  const whole = check || ifMissing
  const session = await context.session({ changing: true, many: whole })
  const { client } = session
  const customer = checkNewCustomer(context.canAsk ? await complete(context, options, session) : options)
  // Looked up before the create, so that its id is printed without delay.
  const place = await session.named()
  if (whole) {
    const matches = await customersWith(context, client, new Set([sameEmail(customer.email)]))
    const [existing] = matches
    if (existing !== undefined) {
      if (check) throw existsError(customer.email, matches)
      if (matches.length > 1) {
        throw existsError(customer.email, matches, '; --if-missing cannot choose between them')
      }
      await context.print(one(existing))
      return context.note(`Customer ${visible(existing.id)} exists already; nothing was created (${place})`)
    }
  } else if (context.canAsk && !dryRun) await confirmNew(context, session, customer.email)
  if (dryRun) {
    await context.print(wouldCreate(customer, context.options.fields))
    return context.note(`Dry run: nothing was created (${place})`)
  }
  const created = await createOne(client, customer)
  await context.printChange(one(created), {
    id: created.id,
    summary: [
      `Created customer ${visible(created.id)} (${place})`,
      `undo: orafi customers delete ${visible(shellWord(created.id))}${accountFlags(context, session)}`,
    ],
  })
}

/** What `--dry-run` prints: the fields that would be sent, or those of `--fields`. */
function wouldCreate(customer: NewCustomer, fields: readonly string[] = newCustomerFields): Report {
  const known: Readonly<Record<string, string | undefined>> = { ...customer }
  const values = fields.map((field) => [field, known[field]] as const)
  return report(
    { wouldCreate: Object.fromEntries(values.map(([field, value]) => [field, value ?? null])) },
    [Object.fromEntries(values.map(([field, value]) => [field, value ?? '']))],
    fields.map((field) => ({ key: field, title: field.toUpperCase() })),
  )
}

/** Prompts for the fields that no flag sets, until each is valid. Throws `usage` for an invalid flag. */
async function complete(context: Context, fields: Fields, session: Session): Promise<Fields> {
  checkFields(fields)
  const missing = newCustomerFields.filter((field) => fields[field] === undefined)
  if (missing.length === 0) return fields
  await context.warn(`New customer (${await session.named()})`)
  const prompts = await context.prompts('nothing was created')
  let answers = fields
  for (const field of missing) {
    let answer = await prompts.ask(`${questions[field]}: `)
    for (;;) {
      const problem = problemOf(field, answer)
      if (problem === undefined) break
      await context.warn(`${questions[field]} ${problem}`)
      answer = await prompts.ask(`${questions[field]}: `)
    }
    answers = { ...answers, [field]: answer }
  }
  return answers
}

/**
 * Creates one customer. Throws ApiError or CliError. If the outcome is unknown the hint says how to check, since
 * sending it again might create a second record (docs/contract.md#retries).
 */
async function createOne(client: Client, customer: NewCustomer): Promise<Customer> {
  try {
    return await createCustomer(client, customer)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const find = `orafi customers find ${shellWord(customer.email)} --by email`
    if (error.code === 'ambiguous')
      throw withHint(error, `check whether it exists before you try again: ${find}`)
    if (error.status === 409) throw withHint(error, `see who has this e-mail: ${find}`)
    throw error
  }
}
