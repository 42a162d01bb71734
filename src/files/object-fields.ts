import { visible } from '../visible.ts'
import { type ColumnMap, type Field, fields, spellingOf } from './columns.ts'

/** What an object says of the three fields: the values as they stand there, and keys that say a thing twice. */
export interface ObjectFields {
  readonly values: Readonly<Partial<Record<Field, unknown>>>
  readonly problems: readonly string[]
}

/** How many keys are remembered; objects of one file mostly have the same few. */
const mostKeys = 1000

/**
 * Finds the fields of JSON objects, by the same rules as those of a CSV's header. Returned as a function that learns
 * the keys of a file, since a million objects repeat them.
 */
export function createFieldFinder(map: ColumnMap): (object: object) => ObjectFields {
  const known = new Map<string, readonly Field[]>()
  const spellings = fields.map((field) => spellingOf(map[field] ?? field))

  function fieldsOf(key: string): readonly Field[] {
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const spelling = spellingOf(key)
    const found = fields.filter(
      (field, index) => key.trim() === map[field] || (spelling !== '' && spelling === spellings[index]),
    )
    if (known.size < mostKeys) known.set(key, found)
    return found
  }

  return (object) => {
    const values: Partial<Record<Field, unknown>> = {}
    const keys: Partial<Record<Field, string>> = {}
    const problems: string[] = []
    for (const [key, value] of Object.entries(object)) {
      for (const field of fieldsOf(key)) {
        const before = keys[field]
        // What the map spells exactly so beats what only looks like it.
        if (before !== undefined && before.trim() === map[field]) continue
        if (before !== undefined && key.trim() !== map[field])
          problems.push(`has ${field} twice: as '${visible(before)}' and as '${visible(key)}'`)
        keys[field] = key
        values[field] = value
      }
    }
    return { values, problems }
  }
}
