import { documentedFields } from '../../api/customer.ts'
import type { Context } from '../../context.ts'
import { fieldOf } from '../../customers/fields.ts'
import { tallyOf } from '../../duplicates/plan.ts'
import type { Plan } from '../../duplicates/plan-schema.ts'
import {
  beginReview,
  type Card,
  type Shown,
  type Step,
  shownOf,
  stepReview,
} from '../../duplicates/review.ts'
import { modeTextOf, textOf } from '../../output/cells.ts'
import { cutTo, shortened, widthOf, wrapTo } from '../../output/width.ts'
import { shellWord } from '../../shell-word.ts'
import type { Key } from '../../ui/keys.ts'
import { visible } from '../../visible.ts'
import { savePlan } from './plan.ts'

const steps: Readonly<Record<string, Step>> = {
  left: { do: 'previous' },
  up: { do: 'previous' },
  right: { do: 'next' },
  down: { do: 'next' },
  tab: { do: 'next' },
  k: { do: 'keep' },
  d: { do: 'mark' },
  x: { do: 'out' },
  return: { do: 'settle' },
  enter: { do: 'settle' },
  s: { do: 'skip' },
  b: { do: 'back' },
  q: { do: 'quit' },
  escape: { do: 'quit' },
}

/**
 * Reviews a plan group by group on the terminal. Every decision is saved to the plan file at once, so that a review
 * can be interrupted and continued. Ends with the command that applies the plan; never applies it.
 */
export async function reviewPlan(context: Context, file: string, plan: Plan): Promise<void> {
  let review = beginReview(plan)
  const draw = async (): Promise<void> => {
    const shown = shownOf(review)
    if (shown !== undefined) await context.redraw((columns) => reviewScreen(shown, columns))
  }
  await draw()
  if (!review.over) {
    for await (const key of await context.keys()) {
      const step = stepOf(key)
      if (step === undefined) continue
      const before = review.plan
      review = stepReview(review, step)
      if (review.plan !== before) await savePlan(file, review.plan)
      if (review.over) break
      await draw()
    }
  }
  const tally = tallyOf(review.plan)
  await context.warn(
    `${tally.reviewed} of ${tally.groups} groups reviewed, ${tally.delete} to delete, ${tally.review} undecided (kept).`,
  )
  if (tally.delete > 0)
    await context.warn(`To delete them: orafi customers delete --plan ${visible(shellWord(file))}`)
}

function stepOf({ name, ctrl }: Key): Step | undefined {
  if (ctrl) return undefined
  return /^[1-9]$/.test(name) ? { do: 'choose', place: Number(name) - 1 } : steps[name]
}

const labelWidth = 11
const gap = 2
/** Narrower columns show too little of an e-mail to compare it. */
const leastColumn = 18

const help = [
  '←/→ choose · k keep this one · d toggle delete · x remove from group',
  'Enter accept · s skip · b back · q quit',
]

/**
 * The screen for one group: its records side by side, or below each other on a narrow terminal, and the keys. Fields
 * that differ from the record to keep are marked with ≠.
 */
export function reviewScreen(shown: Shown, columns: number): string {
  const { number, of, left, level, why, cards, note } = shown
  const head = `Group ${number} of ${of} · ${left} to go · ${level}: ${visible(shortened(why))}`
  const width = Math.floor((columns - labelWidth) / cards.length) - gap
  const body = width >= leastColumn ? sideBySide(cards, width) : stacked(cards, columns)
  const lines = [head, '', ...body, '', ...help, ...(note === undefined ? [] : ['', `(${note})`])]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function sideBySide(cards: readonly Card[], width: number): string[] {
  const row = (label: string, cells: readonly string[]): string[] => {
    const wrapped = cells.map((cell) => wrapTo(cell, width))
    const height = Math.max(...wrapped.map(({ length }) => length))
    return Array.from({ length: height }, (_, line) => {
      const parts = wrapped.map((pieces) => padded(pieces[line] ?? '', width + gap))
      return `${padded(line === 0 ? label : '', labelWidth)}${parts.join('')}`
    })
  }
  return [
    ...row('', cards.map(titleOf)),
    ...documentedFields.flatMap((field) =>
      row(
        field,
        cards.map((card) => cellOf(card, field)),
      ),
    ),
    ...row('', cards.map(reasonsOf)),
  ]
}

function stacked(cards: readonly Card[], columns: number): string[] {
  return cards.flatMap((card) => [
    titleOf(card),
    ...documentedFields.map((field) => `  ${padded(field, labelWidth)}${cellOf(card, field)}`),
    ...(card.member.reasons.length > 0 ? [`  ${cutTo(reasonsOf(card), columns - 2)}`] : []),
    '',
  ])
}

/** The decision for a record, with an arrow if it is selected. */
function titleOf({ member, chosen, keeper }: Card): string {
  const label = keeper ? 'keep' : member.decision === 'delete' ? 'DELETE' : member.decision
  return `${chosen ? '▶ ' : '  '}${label}`
}

/** Shortened first: names are untrusted and may be long, and every key redraws the screen. */
function cellOf({ member, differs }: Card, field: string): string {
  const value = fieldOf(member.record, field)
  const text = field === 'mode' ? modeTextOf(value) : textOf(value)
  return `${differs.includes(field) ? '≠ ' : '  '}${visible(shortened(text))}`
}

function reasonsOf({ member }: Card): string {
  return visible(shortened(member.reasons.join('; ')))
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}
