/** How many items a block holds at most. */
const mostItems = 500

/**
 * Hands on what one piece of a text holds, as blocks: an `await` for every item would cost more than reading it does.
 * A block is as bounded as the piece is: it holds no more items than `mostItems`, and of the text no more than the
 * piece and the item that the piece completes.
 *
 * `take` adds the items to the list that it is handed. Where it throws, the items that it added are handed on first, so
 * that it makes no difference where the pieces end.
 */
export function* inBlocks<Item>(take: (items: Item[]) => void): Generator<readonly Item[], void, undefined> {
  const items: Item[] = []
  try {
    take(items)
  } finally {
    for (let at = 0; at < items.length; at += mostItems)
      yield items.length <= mostItems ? items : items.slice(at, at + mostItems)
  }
}
