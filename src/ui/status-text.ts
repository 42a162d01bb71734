import type { ClientEvent } from '../api/client.ts'
import { count, digits, durationOf, whenIn } from '../count.ts'
import { cutTo, shortened, widthOf } from '../output/width.ts'
import { visible } from '../visible.ts'

/** What a command is doing. */
export interface Activity {
  /** `reading the account`; visible(). */
  readonly what: string
  readonly done?: number | undefined
  readonly total?: number | undefined
  /** What is counted, if there is no total: `customer`. */
  readonly unit?: string | undefined
  readonly failed?: number | undefined
  /** How many requests may run at once. */
  readonly concurrency?: number | undefined
  /** When it starts (epoch ms), if it has to wait. */
  readonly startsAt?: number | undefined
}

/** What is known about the work in progress. Times in epoch ms. */
export interface Work {
  readonly activity?: Activity | undefined
  /** When the activity began, and how much was done then. */
  readonly began: { readonly at: number; readonly done: number }
  /** The last event of the client. */
  readonly last?: ClientEvent | undefined
  readonly inFlight: number
  /** When the last answer came, or a request was sent while there was none in flight. */
  readonly heardAt: number
  /** A wait for the rate limit, or before another attempt. */
  readonly wait?: { readonly event: ClientEvent; readonly until: number } | undefined
  readonly interrupted: boolean
}

/** From here on a request without an answer is mentioned (ms). */
const silenceMs = 5000
const barLength = 10
/** The fewest columns to which the name of the work is cut, before it is left out. */
const leastName = 16

/** The parts of the text, in their order. */
interface Parts {
  bar?: string | undefined
  what?: string | undefined
  count?: string | undefined
  rate?: string | undefined
  left?: string | undefined
  failed?: string | undefined
  concurrency?: string | undefined
  /** Why it does not go on, and when it does. */
  paused?: string | undefined
  reason?: string | undefined
  attempt?: string | undefined
  next?: string | undefined
}

/** What is left out if the text is too wide, first to last. */
const dispensable = [
  'bar',
  'concurrency',
  'rate',
  'what',
  'left',
  'failed',
  'attempt',
  'paused',
  'count',
] as const

/**
 * What a command is doing, in one line; undefined if there is nothing to say.
 * @param width in columns; without it nothing is cut, and there is no bar
 */
export function statusText(work: Work, now: number, width = Number.POSITIVE_INFINITY): string | undefined {
  const parts = partsOf(work, now)
  if (width === Number.POSITIVE_INFINITY) delete parts.bar
  const whole = joined(parts)
  if (whole === '') return undefined
  if (widthOf(whole) <= width) return whole
  for (const name of dispensable) {
    const { [name]: part, ...others } = parts
    const rest = joined(others)
    if (part === undefined || rest === '') continue
    const room = width - widthOf(joined({ ...parts, what: '' }))
    if (name === 'what' && room >= leastName) return joined({ ...parts, what: cutTo(part, room) })
    delete parts[name]
    if (widthOf(rest) <= width) return rest
  }
  return cutTo(joined(parts), width)
}

function joined({ bar, what, paused = '', reason, attempt, next, ...figures }: Parts): string {
  const { count, rate, left, failed, concurrency } = figures
  const why = reason === undefined ? undefined : `${paused}${reason}`
  const rest = [count, rate, left, failed, concurrency, why, attempt, next]
    .filter((part) => part !== undefined)
    .join(', ')
  const text = what === undefined || rest === '' ? (what ?? rest) : `${what}: ${rest}`
  return bar === undefined ? text : `${bar} ${text}`
}

function partsOf(work: Work, now: number): Parts {
  const { activity, last, inFlight, interrupted } = work
  if (interrupted) {
    // Only changes that were already sent are waited for.
    return inFlight === 0
      ? {}
      : { what: `interrupted, waiting for ${count(inFlight, 'request')} to be answered` }
  }
  const pause = pauseOf(work, now)
  const silent = inFlight > 0 && now - work.heardAt >= silenceMs
  const next = silent ? `no answer for ${durationOf(now - work.heardAt - 999)}` : undefined
  if (activity !== undefined) {
    const figures = figuresOf(activity, work.began, now, pause !== undefined)
    if (pause === undefined) return { next, ...figures }
    return { ...figures, ...pause, paused: figures.count === undefined ? undefined : 'paused: ' }
  }
  if (last === undefined) return {}
  const { attempt, attempts } = last
  const again = attempt > 1 ? `attempt ${attempt} of ${attempts}` : undefined
  return { what: shortened(visible(last.what)), ...(pause ?? { attempt: again, next }) }
}

/** The wait of the client, if nothing else is going on. */
function pauseOf({ wait, inFlight }: Work, now: number): Parts | undefined {
  if (wait === undefined || inFlight > 0 || now >= wait.until) return undefined
  const { type, reason, attempt, attempts } = wait.event
  const when = whenIn(wait.until - now, wait.until)
  if (type === 'wait') return { reason: 'rate limited', next: `continuing ${when}` }
  return { reason, attempt: `attempt ${attempt + 1} of ${attempts}`, next: `next ${when}` }
}

function figuresOf(activity: Activity, began: Work['began'], now: number, isPaused: boolean): Parts {
  const { what: name, done, total, unit = 'item', failed = 0, concurrency, startsAt = 0 } = activity
  const what = shortened(name)
  if (startsAt > now) return { what, next: `starting ${whenIn(startsAt - now, startsAt)}` }
  if (done === undefined) return { what }
  const counted = total === undefined ? count(done, unit) : `${digits(done)}/${digits(total)}`
  const filled = Math.round((done / Math.max(1, total ?? 0)) * barLength)
  const bar = total === undefined ? undefined : '█'.repeat(filled).padEnd(barLength, '░')
  const failures = failed > 0 ? `${digits(failed)} failed` : undefined
  if (isPaused) return { bar, what, count: counted, failed: failures }
  const seconds = (now - began.at) / 1000
  const rate = seconds >= 1 ? (done - began.done) / seconds : 0
  return {
    bar,
    what,
    count: counted,
    rate: rate > 0 ? `${rate < 10 ? rate.toFixed(1) : digits(Math.round(rate))}/s` : undefined,
    left:
      rate > 0 && total !== undefined && done < total
        ? `${durationOf(((total - done) / rate) * 1000)} left`
        : undefined,
    failed: failures,
    concurrency: concurrency === undefined ? undefined : `${concurrency} at once`,
  }
}
