/** Something that must be on disk before it is sent, a block of items at a time. */
export interface AheadOptions<Item> {
  /** Items in their order, in blocks of any length, empty ones too. */
  readonly blocks: AsyncIterable<readonly Item[]>
  /** Writes a block; resolves when it is on disk. */
  readonly write: (block: readonly Item[]) => Promise<void>
  /** How many items share one write at most. */
  readonly most: number
}

/**
 * Hands items on once they are on disk, while the next block is being written: so one fsync serves a block, and
 * nobody waits for it but the first. What was written and not handed on, because whoever consumed them stopped, is
 * given to `unused`.
 */
export async function* writtenAhead<Item>(
  { blocks, write, most }: AheadOptions<Item>,
  unused: (items: readonly Item[]) => Promise<void>,
): AsyncGenerator<Item, void, undefined> {
  const source = pieces(blocks, most)
  let current: readonly Item[] = []
  let next: Promise<readonly Item[]> | undefined
  let handed = 0
  const writeNext = async (): Promise<readonly Item[]> => {
    const { done, value } = await source.next()
    if (done) return []
    await write(value)
    return value
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
    await source.return()
  }
}

/** The same items in blocks of at most so many, none of them empty. */
async function* pieces<Item>(
  blocks: AsyncIterable<readonly Item[]>,
  most: number,
): AsyncGenerator<readonly Item[], void, undefined> {
  for await (const block of blocks) {
    for (let start = 0; start < block.length; start += most) yield block.slice(start, start + most)
  }
}
