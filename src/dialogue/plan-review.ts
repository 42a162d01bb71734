import type { Context } from '../context.ts'
import { type Plan, tallyOf } from '../duplicates/plan.ts'
import { beginReview, type Step, stepReview } from '../duplicates/review.ts'
import { shownOf } from '../duplicates/review-view.ts'
import { shellWord } from '../shell-word.ts'
import type { Key } from '../ui/keys.ts'
import { visible } from '../visible.ts'
import { savePlan } from './plan-file.ts'
import { reviewScreen } from './review-screen.ts'

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
 * Goes through a plan group by group on the terminal. Every decision is in the plan file at once, so that a review can
 * be left at any moment and taken up again; ends by naming the command that applies the plan, and never applies it.
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
    `${tally.reviewed} of ${tally.groups} groups reviewed, ${tally.delete} to delete, ${tally.review} undecided (these stay).`,
  )
  if (tally.delete > 0)
    await context.warn(`To delete them: orafi customers delete --plan ${visible(shellWord(file))}`)
}

function stepOf({ name, ctrl }: Key): Step | undefined {
  if (ctrl) return undefined
  return /^[1-9]$/.test(name) ? { do: 'choose', place: Number(name) - 1 } : steps[name]
}
