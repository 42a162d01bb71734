import type { Context } from '../../context.ts'
import { count, digits } from '../../count.ts'
import { tallyOf } from '../../duplicates/plan.ts'
import type { Plan } from '../../duplicates/plan-schema.ts'
import { beginReview, type Review, type Step, shownOf, stepReview } from '../../duplicates/review.ts'
import { CliError } from '../../errors.ts'
import type { Session } from '../../session.ts'
import { shellWord } from '../../shell-word.ts'
import type { Key } from '../../ui/keys.ts'
import { visible } from '../../visible.ts'
import { accountFlags } from '../summary.ts'
import { planTextAt, savePlan } from './plan.ts'
import { choicesFor, reviewScreen, reviewText } from './review-screen.ts'

const steps: Readonly<Record<string, Step>> = {
  left: { do: 'previous' },
  up: { do: 'previous' },
  right: { do: 'next' },
  down: { do: 'next' },
  tab: { do: 'next' },
  d: { do: 'delete' },
  x: { do: 'separate' },
  k: { do: 'keep' },
  u: { do: 'undo' },
  return: { do: 'accept' },
  enter: { do: 'accept' },
  n: { do: 'nextGroup' },
  pagedown: { do: 'nextGroup' },
  b: { do: 'previousGroup' },
  pageup: { do: 'previousGroup' },
  q: { do: 'quit' },
  escape: { do: 'quit' },
}

/**
 * Reviews a plan group by group on the terminal. Every decision is saved to the plan file at once, so that a review
 * can be interrupted and continued. Ends with the commands that continue it and apply the plan; never applies it.
 */
export async function reviewPlan(
  context: Context,
  session: Session,
  file: string,
  plan: Plan,
): Promise<void> {
  let review = beginReview(plan)
  let written = await planTextAt(file)
  const take = async (step: Step): Promise<void> => {
    const before = review.plan
    review = stepReview(review, step)
    if (review.plan === before) return
    const found = await planTextAt(file)
    if (found !== undefined && found !== written) throw changedMeanwhile(file)
    written = await savePlan(file, review.plan)
  }
  if (context.plain) await askSteps(context, () => review, take)
  else await pressSteps(context, () => review, take)
  await sayWhatIsNext(context, file, review.plan, accountFlags(context, session))
}

/** Somebody edited the plan, or reviews it in another window: their decisions must not be overwritten. */
function changedMeanwhile(file: string): CliError {
  const name = visible(file)
  return new CliError(
    'local_error',
    `${name} was changed during the review; the last decision was not saved`,
    { hint: 'run the same command again: it continues with the changed file' },
  )
}

/** On a screen that is redrawn after the keys that were pressed. */
async function pressSteps(
  context: Context,
  current: () => Review,
  take: (step: Step) => Promise<void>,
): Promise<void> {
  const draw = async (): Promise<void> => {
    const shown = shownOf(current())
    if (shown !== undefined) await context.redraw((surface) => reviewScreen(shown, surface))
  }
  if (current().over) return
  for await (const key of await context.keys()) {
    const step = stepOf(key)
    if (step !== undefined) await take(step)
    if (current().over) break
    // A screen for each of a thousand pasted keys would take a minute, in which Ctrl-C would do nothing.
    if (!key.hasNext || key.name === 'redraw') await draw()
  }
}

/** By the numbers of choices, line by line. */
async function askSteps(
  context: Context,
  current: () => Review,
  take: (step: Step) => Promise<void>,
): Promise<void> {
  const prompts = await context.prompts('the decisions so far are saved; nothing was deleted')
  for (let shown = shownOf(current()); shown !== undefined; shown = shownOf(current())) {
    await context.warn(reviewText(shown).trimEnd())
    const choices = shown.cards.filter(({ chosen }) => chosen).flatMap((card) => choicesFor(card))
    const answer = await prompts.typed(`Choice [1-${choices.length}]:`)
    const step = /^\d$/.test(answer) ? choices[Number(answer) - 1]?.step : undefined
    if (step !== undefined) await take(step)
    else await context.warn(`not one of 1 to ${choices.length}: '${answer}'`)
  }
}

async function sayWhatIsNext(context: Context, file: string, plan: Plan, flags: string): Promise<void> {
  const { groups, decided, delete: deleted, proposed } = tallyOf(plan)
  const name = visible(shellWord(file))
  const unseen = proposed > 0 ? ` (${proposed} in groups not decided yet)` : ''
  await context.note(
    `Saved in ${name}: ${digits(decided)} of ${count(groups, 'group')} decided, ${digits(deleted)} to delete${unseen}.`,
  )
  if (decided < groups)
    await context.note(`continue: orafi customers duplicates --plan ${name} --review${flags}`)
  if (deleted > 0) await context.note(`delete: orafi customers delete --plan ${name}${flags}`)
}

function stepOf({ name, ctrl }: Key): Step | undefined {
  if (ctrl) return undefined
  return /^[1-9]$/.test(name) ? { do: 'choose', place: Number(name) - 1 } : steps[name]
}
