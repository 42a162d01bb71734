export interface PoolOptions<Item> {
  readonly items: AsyncIterable<Item> | Iterable<Item>
  /** Processes one item. An error stops the pool, so normal outcomes must not be thrown. */
  readonly work: (item: Item) => Promise<void>
  /** How many may run at once; read before each item is started. */
  readonly allowed: () => number
  /** Once true, no more items are started; running items are finished. */
  readonly isStopped: () => boolean
}

/**
 * Processes items, several at once, starting them in order. Resolves when all are done, or when it was stopped and
 * nothing is running; rejects with the first error, if any. Takes an item from its source only when it can start it,
 * so that a source of any length needs no memory.
 */
export async function runPool<Item>({ items, work, allowed, isStopped }: PoolOptions<Item>): Promise<void> {
  const failures: unknown[] = []
  let running = 0
  let wake: () => void = () => undefined

  const start = async (item: Item): Promise<void> => {
    running += 1
    try {
      await work(item)
    } catch (error) {
      failures.push(error)
    } finally {
      running -= 1
      wake()
    }
  }
  const waitUntilBelow = async (limit: () => number): Promise<void> => {
    while (running >= Math.max(1, limit())) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const shouldStop = (): boolean => failures.length > 0 || isStopped()

  try {
    for await (const item of items) {
      void start(item)
      // A full pool waits here, after starting the item, so that every taken item is started.
      await waitUntilBelow(allowed)
      if (shouldStop()) break
    }
  } catch (error) {
    failures.push(error)
  }
  await waitUntilBelow(() => 1)
  if (failures.length > 0) throw failures[0]
}

/**
 * Processes items that each have their own outcome. An error of `work`, or a reason given to `stop`, stops the rest;
 * running items are finished. Never throws: resolves with the first reason, including an interruption, or undefined.
 */
export async function runUntilStopped<Item>(options: {
  readonly items: Iterable<Item>
  readonly work: (item: Item, stop: (reason: unknown) => void) => Promise<void>
  readonly throttle: { readonly allowed: number }
  readonly signal: AbortSignal
}): Promise<unknown> {
  const { items, work, throttle, signal } = options
  let stopped: unknown
  const stop = (reason: unknown): void => {
    stopped ??= reason
  }
  await runPool({
    items,
    work: (item) => work(item, stop).catch(stop),
    allowed: () => throttle.allowed,
    isStopped: () => stopped !== undefined || signal.aborted,
  })
  return stopped ?? (signal.aborted ? signal.reason : undefined)
}

/**
 * Maps items with `map`, several at once, and yields the results in the order of the items. Throws the first error in
 * that order.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  map: (item: Item) => Promise<Result>,
  allowed: () => number,
): AsyncGenerator<Result, void, undefined> {
  const running: Promise<Result>[] = []
  for (const item of items) {
    const result = map(item)
    // Thrown in its turn; after an earlier error it is never awaited.
    result.catch(() => undefined)
    running.push(result)
    if (running.length < Math.max(1, allowed())) continue
    const first = running.shift()
    if (first !== undefined) yield await first
  }
  for (const result of running) yield await result
}
