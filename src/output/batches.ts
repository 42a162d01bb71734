/** The most records that wait for one write, so that memory stays flat while the reader is slow. */
const most = 1_000

/**
 * Gathers what arrives together, such as a page, so that it is written at once, and as soon as nothing follows at
 * once: the first rows are on the screen when the first page is. What the source throws is thrown after what came
 * before it. Leaving early ends the source, which aborts the page that it asked for ahead.
 * @param pause resolves on the next turn of the event loop
 */
export async function* batches<T>(
  records: AsyncIterable<T> | Iterable<T>,
  pause: () => Promise<void>,
): AsyncGenerator<T[]> {
  const source = iteratorOf(records)
  let next = source.next()
  let running = false
  try {
    for (;;) {
      running = false
      const first = await next
      if (first.done === true) return
      running = true
      const batch = [first.value]
      // Wrapped: a promise that is returned from an async function would be waited for.
      next = (await gather(batch, source, pause())).step
      yield batch
    }
  } finally {
    // A page under way can take long, and leaving must not: the source is told, and given one turn.
    if (running) await Promise.race([source.return?.().catch(() => undefined), pause()])
  }
}

/** Adds to `batch` what comes before `turn`; gives the step it could not take, which is where the source stands. */
async function gather<T>(
  batch: T[],
  source: AsyncIterator<T>,
  turn: Promise<void>,
): Promise<{ step: Promise<IteratorResult<T>> }> {
  for (;;) {
    const step = source.next()
    const arrived = batch.length < most ? await Promise.race([step, turn]).catch(() => undefined) : undefined
    if (arrived === undefined || arrived.done === true) {
      // It is waited for when the batch is written; failing meanwhile is no unhandled rejection.
      step.catch(() => undefined)
      return { step }
    }
    batch.push(arrived.value)
  }
}

function iteratorOf<T>(records: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in records) return records[Symbol.asyncIterator]()
  const iterator = records[Symbol.iterator]()
  return {
    next: async () => iterator.next(),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  }
}
