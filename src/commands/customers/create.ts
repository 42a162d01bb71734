import type { Command } from '@commander-js/extra-typings'
import type { Client } from '../../api/client.ts'
import type { Customer } from '../../api/customer.ts'
import { createCustomer } from '../../api/customers.ts'
import { ApiError } from '../../api/errors.ts'
import type { Context, Run } from '../../context.ts'
import { checkNewCustomer, type NewCustomer, newCustomerFields } from '../../customers/validation.ts'
import { withHint } from '../../hints.ts'
import { one } from '../../output/result.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import type { Session } from '../../session.ts'
import { shellWord } from '../../shell-word.ts'
import { visible } from '../../visible.ts'
import { delimiterOption } from '../options.ts'

type Fields = { [Field in keyof NewCustomer]?: string | undefined }

const questions = { firstname: 'First name', lastname: 'Last name', email: 'E-mail' } as const

/** `orafi customers create` */
export function define(command: Command, run: Run): void {
  command
    .description('Create a customer. Prompts for missing values on a terminal.')
    .option('--firstname <name>', 'first name')
    .option('--lastname <name>', 'last name')
    .option('--email <address>', 'e-mail address')
    .addOption(delimiterOption())
    .action(run(create, 'customers'))
  guide(command, {
    exits: [
      ...requestExits,
      7,
      [8, 'the response was lost: the customer may exist; check before trying again'],
    ],
    json: 'the customer that was created',
    examples: [
      'orafi customers create --firstname Ada --lastname Obi --email ada@example.com',
      'orafi customers create --sandbox',
    ],
  })
}

async function create(context: Context, fields: Fields): Promise<void> {
  const session = await context.session({ changing: true })
  const { client } = session
  const customer = checkNewCustomer(context.canAsk ? await complete(context, fields, session) : fields)
  // Looked up before the create, so that its id is printed without delay.
  const place = await session.named()
  const created = await createOne(client, customer)
  await context.printChange(one(created), {
    id: created.id,
    summary: [`Created customer ${visible(created.id)} (${place})`],
  })
}

/** Prompts for the fields that no flag sets. */
async function complete(context: Context, fields: Fields, session: Session): Promise<Fields> {
  const missing = newCustomerFields.filter((field) => fields[field] === undefined)
  if (missing.length === 0) return fields
  await context.warn(`New customer (${await session.named()})`)
  const prompts = await context.prompts()
  let answers = fields
  for (const field of missing) answers = { ...answers, [field]: await prompts.ask(`${questions[field]}: `) }
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
