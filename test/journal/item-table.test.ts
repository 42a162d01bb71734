import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createItemTable } from '../../src/journal/item-table.ts'

test('items are numbered in the order in which they first came, each once, whatever their texts', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\0', '\ud800', '\udfff', '\ufffd', '\0"\\ud800"', '\0"\\u0000"', 'a', 'aa'),
  )
  fc.assert(
    fc.property(fc.array(text, { maxLength: 2000, size: 'max' }), (texts) => {
      const table = createItemTable()
      const model = new Map<string, number>()
      for (const one of texts) {
        if (!model.has(one)) model.set(one, model.size)
        expect(table.numberOf(one)).toBe(model.get(one))
      }
      expect(table.size).toBe(model.size)
    }),
    { numRuns: 30 },
  )
})

test('two hundred thousand ids are told apart', () => {
  const table = createItemTable()
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 200_000; index++) {
      if (table.numberOf(`cmjr4c7qq0000v8hoz${index}`) !== index) throw new Error(`wrong at ${index}`)
    }
  }
  expect(table.size).toBe(200_000)
})
