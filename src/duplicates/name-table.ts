import names from './given-names.json' with { type: 'json' }

/**
 * Given names without case and accents (see `names.ts`). A line of `spelled` has the spellings of one name in different
 * languages and scripts. A line of `shortened` is a name and its short forms, which several names may share (`sam`).
 * Together with `others` these are the known given names: two of them that differ by one letter are two people rather than
 * a typing error.
 */
const spellings = new Map(
  lines(names.spelled).flatMap((same) => same.map((name) => [name, same[0] ?? name] as const)),
)
const fullNames = fullNamesOf(names.shortened)
const givenNames = new Set([
  ...spellings.keys(),
  ...fullNames.keys(),
  ...[...fullNames.values()].flat(),
  ...lines(names.others).flat(),
])

/** The first spelling of a name in the table, or the name itself if it is not there. */
export function spellingOf(name: string): string {
  return spellings.get(name) ?? name
}

/** The full names that a name may mean: itself, and those it is short for. */
export function possibleNames(name: string): readonly string[] {
  const spelling = spellingOf(name)
  const full = fullNames.get(name) ?? fullNames.get(spelling)
  return full === undefined ? [spelling] : [spelling, ...full]
}

/** Whether it is a known given name, and so hardly a mistyped form of another one. */
export function isGivenName(name: string): boolean {
  return givenNames.has(name)
}

function fullNamesOf(rows: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [full = '', ...short] of lines(rows)) {
    for (const name of short) found.set(name, [...(found.get(name) ?? []), spellingOf(full)])
  }
  return found
}

function lines(rows: readonly string[]): string[][] {
  return rows.map((row) => row.split(' '))
}
