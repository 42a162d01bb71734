/** How far many things are, for a person or a log. */
export interface Progress {
  advance(how: 'done' | 'failed'): void
  /** How many requests are under way at once. */
  concurrency(count: number): void
  /** Shows nothing more. */
  end(): void
}

export interface ProgressOptions {
  readonly total: number
  /** Where something may move: the line is drawn anew, by what `say` does. Elsewhere a line is written now and then. */
  readonly animate: boolean
  /** Nothing is shown at all. */
  readonly quiet: boolean
  say(text: string | undefined): void
  write(line: string): void
  /** Epoch ms. */
  now(): number
}

/** In ms: a bar that is drawn more often only costs time; a log wants a line every ten seconds. */
const drawEvery = 100
const logEvery = 10_000
const barLength = 20

/** Progress of `total` things: a bar on a terminal, elsewhere a line every ten seconds (docs/contract.md#import). */
export function createProgress({ total, animate, quiet, say, write, now }: ProgressOptions): Progress {
  const begun = now()
  let done = 0
  let failed = 0
  let atOnce = 0
  let drawn = begun

  const figures = (): string => {
    const seconds = Math.max(0.001, (now() - begun) / 1000)
    const finished = done + failed
    const rate = finished / seconds
    const left = rate > 0 ? `, ${clock((total - finished) / rate)} left` : ''
    const failures = failed > 0 ? `, ${failed} failed` : ''
    return `${finished}/${total}, ${Math.round(rate)}/s${left}${failures}, ${atOnce} at once`
  }
  const bar = (): string => {
    const filled = total === 0 ? barLength : Math.round(((done + failed) / total) * barLength)
    return `${'█'.repeat(filled)}${'░'.repeat(barLength - filled)} ${figures()}`
  }
  const draw = (): void => {
    if (now() - drawn < (animate ? drawEvery : logEvery)) return
    drawn = now()
    if (animate) say(bar())
    else write(figures())
  }
  // A server that is silent for a minute still has its line in the log.
  const timer = quiet || animate ? undefined : setInterval(draw, logEvery / 2)
  timer?.unref()

  return {
    advance(how) {
      if (how === 'done') done += 1
      else failed += 1
      if (!quiet) draw()
    },
    concurrency(count) {
      atOnce = count
    },
    end() {
      clearInterval(timer)
      if (animate) say(undefined)
    },
  }
}

/** Seconds as people read them: 0:05, 12:40, 3:07:00. */
function clock(seconds: number): string {
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
