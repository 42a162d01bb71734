import { setImmediate } from 'node:timers/promises'

/** The rejections that nobody handled while this was done: outside of tests the first of them ends the process. */
export async function unhandledDuring(work: () => Promise<void>): Promise<unknown[]> {
  const reasons: unknown[] = []
  const note = (reason: unknown): void => void reasons.push(reason)
  process.on('unhandledRejection', note)
  try {
    await work()
    // Node tells of them when its turn is over.
    await setImmediate()
  } finally {
    process.off('unhandledRejection', note)
  }
  return reasons
}
