/** Which records stand together, for any number of them in little memory: union-find, with a ring through each. */
export interface Clusters {
  /** The number that all of a cluster share: one of its records. */
  rootOf(index: number): number
  /** All of a record's cluster, itself too, in ascending order. */
  members(index: number): number[]
  /** Puts two clusters together. */
  join(a: number, b: number): void
  /** How many records a record's cluster has. */
  sizeOf(index: number): number
}

export function createClusters(count: number): Clusters {
  const parents = Uint32Array.from({ length: count }, (_, index) => index)
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
      // Two rings become one when each goes on where the other went on.
      const after = next[larger] ?? larger
      next[larger] = next[smaller] ?? smaller
      next[smaller] = after
    },
    sizeOf: (index) => sizes[rootOf(index)] ?? 1,
  }
}
