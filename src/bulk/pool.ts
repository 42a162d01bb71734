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
      // A full pool waits here, so that an item that was taken is always begun.
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
 * Works through items of which each has an outcome of its own. What `work` throws, or hands to `stop`, stops the rest;
 * what is under way is finished. Never throws: resolves with the first reason, an interruption too, or undefined.
 */
export async function workThrough<Item>(options: {
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
 * Yields what `look` finds for each item, in the order of the items, looking up several at once. Throws the first
 * thing that `look` throws, in that order too.
 */
export async function* lookAhead<Item, Found>(
  items: Iterable<Item>,
  look: (item: Item) => Promise<Found>,
  allowed: () => number,
): AsyncGenerator<Found, void, undefined> {
  const underWay: Promise<Found>[] = []
  for (const item of items) {
    const found = look(item)
    // A failure is met when its turn comes; after an earlier one nobody waits for it.
    found.catch(() => undefined)
    underWay.push(found)
    if (underWay.length < Math.max(1, allowed())) continue
    const first = underWay.shift()
    if (first !== undefined) yield await first
  }
  for (const found of underWay) yield await found
}
