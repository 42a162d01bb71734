/** What a pool works through. */
export interface PoolOptions<Item> {
  readonly items: AsyncIterable<Item> | Iterable<Item>
  /** Does one item. What it throws stops the pool; what is a normal outcome must not be thrown. */
  readonly work: (item: Item) => Promise<void>
  /** How many may be under way, asked before each is begun. */
  readonly allowed: () => number
  /** No item is begun any more once this says so; those under way are finished. */
  readonly isStopped: () => boolean
}

/**
 * Works through items, several at once, beginning them in their order. Resolves when all are done, or when it was
 * stopped and nothing is under way any more; then rejects with the first thing that was thrown, if any. Takes an item
 * from its source only when it may begin it, so that a source of any length costs no memory.
 */
export async function runPool<Item>({ items, work, allowed, isStopped }: PoolOptions<Item>): Promise<void> {
  const failures: unknown[] = []
  let underWay = 0
  let wake: () => void = () => undefined

  const begin = async (item: Item): Promise<void> => {
    underWay += 1
    try {
      await work(item)
    } catch (error) {
      failures.push(error)
    } finally {
      underWay -= 1
      wake()
    }
  }
  const untilFewerThan = async (limit: () => number): Promise<void> => {
    while (underWay >= Math.max(1, limit())) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const isOver = (): boolean => failures.length > 0 || isStopped()

  try {
    for await (const item of items) {
      void begin(item)
      // A full pool waits here, so that an item that was taken is always begun, and none is taken in vain.
      await untilFewerThan(allowed)
      if (isOver()) break
    }
  } catch (error) {
    failures.push(error)
  }
  await untilFewerThan(() => 1)
  if (failures.length > 0) throw failures[0]
}

/**
 * Works through items of which each has an outcome of its own. Resolves with what stopped it before the end, an
 * interruption or something that was thrown, or undefined: the caller still has to say what was done before.
 */
export async function workThrough<Item>(options: {
  readonly items: AsyncIterable<Item> | Iterable<Item>
  readonly work: (item: Item) => Promise<void>
  readonly throttle: { readonly allowed: number }
  /** Nothing is begun any more once this is aborted; what is under way is finished. */
  readonly signal: AbortSignal
}): Promise<unknown> {
  const { items, work, throttle, signal } = options
  try {
    await runPool({ items, work, allowed: () => throttle.allowed, isStopped: () => signal.aborted })
  } catch (error) {
    return error
  }
  return signal.aborted ? signal.reason : undefined
}
