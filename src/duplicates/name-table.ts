import names from './given-names.json' with { type: 'json' }

/**
 * Given names without case and accents (see `names.ts`). A line of `spelled` holds one name as languages and scripts
 * spell it, so these agree. A line of `shortened` is a name and what it is shortened to; several may share a short one
 * (`sam`). With `others` these are what counts as somebody's own name: one letter between two of them is a brother or a
 * wife before it is a typing error.
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

/** A name in its first spelling of the table, itself where the table does not have it. */
export function spellingOf(name: string): string {
  return spellings.get(name) ?? name
}

/** The names that a name may stand for: itself, and those that it is short for. */
export function standsFor(name: string): readonly string[] {
  const spelling = spellingOf(name)
  const full = fullNames.get(name) ?? fullNames.get(spelling)
  return full === undefined ? [spelling] : [spelling, ...full]
}

/** Whether it is known as somebody's given name, so that it is hardly a mistyped other one. */
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
