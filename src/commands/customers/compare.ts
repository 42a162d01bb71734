import type { Command } from '@commander-js/extra-typings'
import type { Customer } from '../../api/customer.ts'
import type { Context, Run } from '../../context.ts'
import { presented } from '../../customers/fields.ts'
import type { KeepRule } from '../../duplicates/decide.ts'
import { type Level, usualCertainty } from '../../duplicates/evidence.ts'
import { type Group, groupOf } from '../../duplicates/groups.ts'
import type { Part } from '../../duplicates/model.ts'
import { planGroup } from '../../duplicates/plan-make.ts'
import { mailboxesOf } from '../../duplicates/proposal.ts'
import { cardsOf } from '../../duplicates/review.ts'
import { sameEmail } from '../../email.ts'
import { CliError } from '../../errors.ts'
import { notFoundHint } from '../../hints.ts'
import { createPaint, type Paint } from '../../output/columns.ts'
import { type Column, report } from '../../output/result.ts'
import { flowedWords } from '../../output/width.ts'
import { visible } from '../../visible.ts'
import { certaintyOption, findIn, keepOption } from './duplicates.ts'
import { filtersOf } from './filters.ts'
import { type Name, nameIn, type Resolved, resolve } from './named.ts'
import { drawRecords, knownFields, recordText } from './review-screen.ts'
import { partText, signed } from './waterfall.ts'

interface Options {
  readonly certainty?: number | undefined
  readonly keep: KeepRule
  readonly from?: string | undefined
}

/** `orafi customers compare ID ID` */
export function define(command: Command, run: Run): void {
  command
    .argument('<id>', 'the id or e-mail of a customer')
    .argument('<other-id>', 'the id or e-mail of another customer')
    .addOption(certaintyOption('from which probability two are likely one person'))
    .addOption(keepOption('which of the two to keep'))
    .option('--from <file>', 'read an export (.ndjson, .json, .csv) instead of the account')
    .action(run(compare))
}

async function compare(context: Context, id: string, otherId: string, options: Options): Promise<void> {
  const { from, keep, certainty = usualCertainty } = options
  const names = [id, otherId].map(named)
  const emails = new Set(names.flatMap(({ email }) => (email === undefined ? [] : [sameEmail(email)])))
  if (id === otherId) throw sameTwice(id)

  const session = from === undefined ? await context.session({ many: true }) : undefined
  const withEmail: Customer[] = []
  const filters = filtersOf({}, context.world.now())
  // One mailbox is enough: it has all records that a proposal depends on.
  const rulesOfSearch = { ...options, match: 'alias', countNames: true } as const
  const found = await findIn(context, session, rulesOfSearch, filters, (customer) => {
    if (typeof customer.email === 'string' && emails.has(sameEmail(customer.email))) withEmail.push(customer)
  })
  const how = { verb: 'compare', canAsk: context.canAsk } as const
  const resolved = await resolve(context, async () => withEmail, names, how)
  const sides = resolved.map((one) => {
    const inMailbox = one.outcome === 'found' ? found.groupWith(one.id) : []
    const customer = inMailbox.find((member) => one.outcome === 'found' && member.id === one.id)
    if (customer === undefined) throw notFound(one, from)
    return { customer, inMailbox }
  })
  const [one, other, another] = sides
  if (one === undefined || other === undefined) throw sameTwice(otherId)
  if (another !== undefined) throw new CliError('usage', `${sides.length} customers were chosen, not two`)

  const { frequencies } = found
  const rules = { keep, certainty, frequencies, keyMode: session?.key.mode }
  const mailboxes = mailboxesOf(sides.flatMap(({ inMailbox }) => inMailbox))
  const group = groupOf([one.customer, other.customer], rules, mailboxes)
  const comparison = comparisonOf(group, certainty)
  const document = { customers: [one, other].map(({ customer }) => presented(customer)), ...comparison }
  await context.print({
    ...report(document, rowsOf(comparison), columns),
    draw: ({ columns: width, colour }) =>
      drawn(group, comparison, width, context.plain ? undefined : createPaint(colour)),
  })
}

/** The name of one customer; unlike with `get`, not a list of them from standard input. */
function named(word: string): Name {
  if (word !== '-') return nameIn(word)
  throw new CliError('usage', 'compare does not read ids from standard input', {
    hint: 'give the ids or e-mails of two customers',
  })
}

function sameTwice(id: string): CliError {
  return new CliError('usage', `both are one customer: ${visible(id)}`, {
    hint: 'give the ids or e-mails of two customers',
  })
}

function notFound(one: Resolved, from: string | undefined): CliError {
  if (one.outcome === 'notChosen') return new CliError('declined', 'nothing was compared')
  const what = one.outcome === 'found' ? `id ${visible(one.id)}` : `e-mail ${visible(one.email)}`
  const where = from === undefined ? '' : ` in ${visible(from)}`
  return new CliError('not_found', `no customer${where} has the ${what}`, { hint: notFoundHint })
}

/** Two customers compared, as in `--json` (docs/contract.md#json-documents). */
interface Comparison {
  readonly level: Level | null
  readonly why: string
  readonly certainty: number
  readonly probability: number
  readonly because: readonly Part[]
  /** The id of the customer to keep, and what is proposed for the other one; null if they are not duplicates. */
  readonly keep: string | null
  readonly decision: 'delete' | 'review' | null
  readonly reasons: readonly string[]
}

function comparisonOf({ keep, twins }: Group, certainty: number): Comparison {
  const [twin] = twins
  if (twin === undefined) throw new RangeError('a pair has one keeper')
  const { level = null, why, probability, because } = twin.evidence
  const proposal =
    level === null
      ? { keep: null, decision: null, reasons: [] }
      : { keep: keep.id, decision: twin.decision, reasons: twin.reasons }
  return { level, why, certainty, probability, because, ...proposal }
}

const columns: readonly Column[] = [
  { key: 'what', title: '' },
  { key: 'value', title: '' },
  { key: 'text', title: '' },
]

function* rowsOf({ level, why, probability, because, keep, decision, reasons }: Comparison) {
  for (const { text, bits } of because) yield { what: 'bits', value: String(bits), text }
  yield { what: 'probability', value: String(probability) }
  yield { what: 'level', value: level ?? '', text: why }
  yield { what: 'keep', value: keep ?? '' }
  yield { what: 'decision', value: decision ?? '', text: reasons.join('; ') }
}

/** @param paint undefined for words only */
function drawn(group: Group, comparison: Comparison, width: number, paint: Paint | undefined): string {
  const { level } = comparison
  const planned = planGroup(group)
  // Two customers who are no duplicates both stay.
  const cards = cardsOf(planned).map((card) =>
    level === null ? { ...card, member: { ...card.member, decision: 'keep' as const } } : card,
  )
  const fields = knownFields(cards)
  const records =
    paint === undefined
      ? cards.flatMap((card) => recordText(card, fields))
      : drawRecords(cards, fields, width, paint)
  const lines = [...records, '', ...sumLines(comparison, width), '', ...conclusion(comparison, width)]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

/** The parts with the sum so far, strongest first as in the other commands. */
function sumLines({ because }: Comparison, width: number): string[] {
  let sum = 0
  return (
    because
      // What says nothing is only in JSON.
      .filter(({ bits }) => bits !== 0)
      .toSorted((one, other) => Math.abs(other.bits) - Math.abs(one.bits))
      .flatMap(({ text, bits }) => {
        sum = Math.round((sum + bits) * 10) / 10
        const figures = `${signed(bits, 1).padStart(7)}${signed(sum, 1).padStart(8)}  `
        return flowedWords(partText(text), width - figures.length).map(
          (line, index) => `${index === 0 ? figures : ' '.repeat(figures.length)}${line}`,
        )
      })
  )
}

/** What follows from the sum. */
function conclusion(
  { level, why, certainty, probability, decision, reasons }: Comparison,
  width: number,
): string[] {
  const found =
    level === 'likely'
      ? `likely, with --certainty ${certainty}`
      : (level ?? `none, with --certainty ${certainty}`)
  const proposals = {
    delete: 'keep 1 and delete 2',
    review: `keep 1; a person decides about 2: ${reasons.join('; ')}`,
  }
  const values = {
    probability: String(probability),
    level: `${found}: ${why}`,
    proposal: decision === null ? 'none' : proposals[decision],
  }
  return Object.entries(values).flatMap(([label, value]) =>
    flowedWords(visible(value), width - labelled).map(
      (line, index) => `${(index === 0 ? label : '').padEnd(labelled)}${line}`,
    ),
  )
}

/** The width of labels, as in the records. */
const labelled = 13
