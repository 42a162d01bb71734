import { describe, expect, it } from 'vitest'
import { createWaiting } from '../../src/ui/busy.ts'
import { openTerminal, until } from './terminal.ts'

const open = (animate = true, columns = 80) => {
  const terminal = openTerminal(columns)
  return {
    ...terminal,
    waiting: createWaiting({ stderr: terminal.output, animate, now: () => performance.now() }),
  }
}

describe('waiting', () => {
  it('shows nothing of what is over at once', async () => {
    const { waiting, written } = open()
    waiting.start('Waiting for Orafi…')
    waiting.stop()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(written()).toBe('')
  })

  it('shows a line when it lasts, and erases it', async () => {
    const { waiting, lines, written } = open()
    waiting.start('Waiting for Orafi…')
    await until(() => written() !== '')
    expect(await lines()).toEqual(['Waiting for Orafi…'])
    waiting.stop()
    expect(await lines()).toEqual([])
  })

  it('shows nothing at all where nothing may move', async () => {
    const { waiting, written } = open(false)
    waiting.start('Waiting for Orafi…')
    waiting.update('Still waiting…')
    await new Promise((resolve) => setTimeout(resolve, 100))
    waiting.stop()
    expect(written()).toBe('')
  })

  it('turns into a spinner when it takes long, and leaves a clean line', async () => {
    const { waiting, output, lines } = open()
    waiting.start('Waiting for Orafi…')
    await until(async () => /^\S Waiting for Orafi…$/.test((await lines())[0] ?? ''))
    waiting.update('Scanned 300 customers')
    await until(async () => /^\S Scanned 300 customers$/.test((await lines())[0] ?? ''))
    waiting.stop()
    await output.write('a row\n')
    expect(await lines()).toEqual(['a row'])
    waiting.start('Waiting again…')
    await until(async () => /^\S Waiting again…$/.test((await lines())[1] ?? ''))
    waiting.stop()
    expect(await lines()).toEqual(['a row'])
  })

  it('is one line however narrow the terminal is', async () => {
    const { waiting, lines } = open(true, 20)
    waiting.start('Waiting for the rate limit of Orafi to pass')
    await until(async () => (await lines()).length > 0)
    expect(await lines()).toHaveLength(1)
    waiting.stop()
    expect(await lines()).toEqual([])
  })
})
