/** Which records belong together: union-find in typed arrays, with a circular list through each cluster. */
export interface Clusters {
  /** The record that represents the cluster of a record. */
  rootOf(index: number): number
  /** All records of a record's cluster, including itself, in ascending order. */
  members(index: number): number[]
  /** Merges two clusters. */
  join(a: number, b: number): void
  /** The number of records in a record's cluster. */
  sizeOf(index: number): number
}

export function createClusters(count: number): Clusters {
  const parents = new Uint32Array(count)
  for (let index = 0; index < count; index++) parents[index] = index
  const next = parents.slice()
  const sizes = new Uint32Array(count).fill(1)

  function rootOf(index: number): number {
    let at = index
    for (;;) {
      const parent = parents[at] ?? at
      if (parent === at) return at
      const above = parents[parent] ?? parent
      parents[at] = above
      at = above
    }
  }

  return {
    rootOf,
    members(index) {
      const found = [index]
      for (let at = next[index] ?? index; at !== index; at = next[at] ?? index) found.push(at)
      return found.sort((a, b) => a - b)
    },
    join(a, b) {
      const rootA = rootOf(a)
      const rootB = rootOf(b)
      if (rootA === rootB) return
      const [larger, smaller] = (sizes[rootA] ?? 0) >= (sizes[rootB] ?? 0) ? [rootA, rootB] : [rootB, rootA]
      parents[smaller] = larger
      sizes[larger] = (sizes[larger] ?? 0) + (sizes[smaller] ?? 0)
      // Swapping the successors of two circular lists merges them.
      const after = next[larger] ?? larger
      next[larger] = next[smaller] ?? smaller
      next[smaller] = after
    },
    sizeOf: (index) => sizes[rootOf(index)] ?? 1,
  }
}
