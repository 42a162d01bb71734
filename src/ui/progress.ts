/** The progress of a bulk command. */
export interface Progress {
  advance(how: 'done' | 'failed'): void
  /** Sets the number of concurrent requests. */
  concurrency(count: number): void
  /** Clears the progress. */
  end(): void
}

export interface ProgressOptions {
  readonly total: number
  /** True: a bar, redrawn with `say`. False: a line every ten seconds, with `write`. */
  readonly animate: boolean
  /** If true, nothing is shown. */
  readonly quiet: boolean
  say(text: string | undefined): void
  write(line: string): void
  /** Epoch ms. */
  now(): number
}

/** The minimum time between redraws of the bar, and between lines (ms). */
const drawEvery = 100
const logEvery = 10_000
const barLength = 20

/** Progress of `total` items: a bar on a terminal, else a line every ten seconds (docs/contract.md#import). */
export function createProgress({ total, animate, quiet, say, write, now }: ProgressOptions): Progress {
  const startedAt = now()
  let done = 0
  let failed = 0
  let concurrent = 0
  let drawnAt = startedAt

  const figures = (): string => {
    const seconds = Math.max(0.001, (now() - startedAt) / 1000)
    const finished = done + failed
    const rate = finished / seconds
    const left = rate > 0 ? `, ${clock((total - finished) / rate)} left` : ''
    const failures = failed > 0 ? `, ${failed} failed` : ''
    return `${finished}/${total}, ${Math.round(rate)}/s${left}${failures}, ${concurrent} at once`
  }
  const bar = (): string => {
    const filled = total === 0 ? barLength : Math.round(((done + failed) / total) * barLength)
    return `${'█'.repeat(filled)}${'░'.repeat(barLength - filled)} ${figures()}`
  }
  const draw = (): void => {
    if (now() - drawnAt < (animate ? drawEvery : logEvery)) return
    drawnAt = now()
    if (animate) say(bar())
    else write(figures())
  }
  // So that the log also has lines while the server does not answer.
  const timer = quiet || animate ? undefined : setInterval(draw, logEvery / 2)
  timer?.unref()

  return {
    advance(how) {
      if (how === 'done') done += 1
      else failed += 1
      if (!quiet) draw()
    },
    concurrency(count) {
      concurrent = count
    },
    end() {
      clearInterval(timer)
      if (animate) say(undefined)
    },
  }
}

/** Formats seconds as 0:05, 12:40 or 3:07:00. */
function clock(seconds: number): string {
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
