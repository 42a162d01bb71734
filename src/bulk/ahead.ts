/** Something that must be on disk before it is sent, a block of items at a time. */
export interface AheadOptions<Item> {
  readonly items: AsyncIterable<Item>
  /** Writes a block; resolves when it is on disk. */
  readonly write: (block: readonly Item[]) => Promise<void>
  /** How many items share one write. */
  readonly block: number
}

/**
 * Hands items on once they are on disk, while the next block is being written: so one fsync serves a block, and
 * nobody waits for it but the first. What was written and not handed on, because whoever consumed them stopped, is
 * given to `unused`.
 */
export async function* writtenAhead<Item>(
  { items, write, block }: AheadOptions<Item>,
  unused: (items: readonly Item[]) => Promise<void>,
): AsyncGenerator<Item, void, undefined> {
  const source = items[Symbol.asyncIterator]()
  let current: Item[] = []
  let next: Promise<Item[]> | undefined
  let handed = 0
  const writeNext = async (): Promise<Item[]> => {
    const taken = await take(source, block)
    if (taken.length > 0) await write(taken)
    return taken
  }
  try {
    next = writeNext()
    for (;;) {
      current = await next
      if (current.length === 0) return
      handed = 0
      next = writeNext()
      // A failure is met when the block is awaited, in its turn.
      next.catch(() => undefined)
      for (const item of current) {
        handed += 1
        yield item
      }
    }
  } finally {
    const ahead = await next?.catch(() => [])
    const left = [...current.slice(handed), ...(ahead === current ? [] : (ahead ?? []))]
    if (left.length > 0) await unused(left)
    await source.return?.()
  }
}

async function take<Item>(source: AsyncIterator<Item>, most: number): Promise<Item[]> {
  const items: Item[] = []
  while (items.length < most) {
    const { done, value } = await source.next()
    if (done) break
    items.push(value)
  }
  return items
}
