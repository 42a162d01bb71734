import { describe, expect, test } from 'vitest'
import { createProgress } from '../../src/ui/progress.ts'

function watched(options: { animate: boolean; quiet?: boolean; total?: number }) {
  let time = 0
  const said: (string | undefined)[] = []
  const written: string[] = []
  const progress = createProgress({
    total: options.total ?? 100,
    animate: options.animate,
    quiet: options.quiet ?? false,
    say: (text) => said.push(text),
    write: (line) => written.push(line),
    now: () => time,
  })
  const pass = (ms: number): void => {
    time += ms
  }
  return { progress, said, written, pass }
}

describe('progress', () => {
  test('on a terminal is a bar with done and total, rate, time left, failures and concurrency', () => {
    const { progress, said, pass } = watched({ animate: true })
    progress.concurrency(16)
    pass(10_000)
    for (let index = 0; index < 49; index++) progress.advance('done')
    pass(100)
    progress.advance('failed')
    expect(said.at(-1)).toBe('██████████░░░░░░░░░░ 50/100, 5/s, 0:10 left, 1 failed, 16 at once')
    progress.end()
    expect(said.at(-1)).toBeUndefined()
  })

  test('draws no more than ten times a second', () => {
    const { progress, said, pass } = watched({ animate: true, total: 5000 })
    for (let index = 0; index < 1000; index++) {
      pass(1)
      progress.advance('done')
    }
    expect(said.length).toBe(10)
  })

  test('elsewhere is a line every ten seconds', () => {
    const { progress, written, pass } = watched({ animate: false })
    for (let index = 0; index < 25; index++) {
      pass(1000)
      progress.advance('done')
    }
    progress.end()
    expect(written).toEqual(['10/100, 1/s, 1:30 left, 0 at once', '20/100, 1/s, 1:20 left, 0 at once'])
  })

  test('is nothing with --quiet', () => {
    const { progress, said, written, pass } = watched({ animate: false, quiet: true })
    pass(60_000)
    progress.advance('done')
    progress.end()
    expect([...said, ...written]).toEqual([])
  })
})
