import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonElements } from '../../src/files/json.ts'
import { cuts, decoded, endless, flat, refusal, texts } from './pieces.ts'

const read = (text: string, sizes?: readonly number[]) =>
  flat(jsonElements(texts(text, sizes), 'people.json'))

test('a JSON array is read as JSON.parse would, whatever it holds and wherever it is cut', async () => {
  const values = fc.array(fc.jsonValue({ maxDepth: 4 }))
  await fc.assert(
    fc.asyncProperty(values, cuts, fc.constantFrom(0, 1, '\t'), async (array, sizes, indent) => {
      const text = JSON.stringify(array, undefined, indent)
      const elements = await read(` \r\n${text}\n `, sizes)
      expect(elements.map((element) => JSON.parse(element.text))).toEqual(JSON.parse(text))
    }),
    { numRuns: 300 },
  )
})

test('whatever the text is, it is refused when JSON.parse refuses it', async () => {
  const signs = fc.string({
    unit: fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\', '1', '"a"', ' ', '\n', 'null'),
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(signs, cuts, async (inside, sizes) => {
      const text = `[${inside}]`
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        expected = undefined
      }
      const found = await read(text, sizes)
        .then((elements) => elements.map((element): unknown => JSON.parse(element.text)))
        .catch(() => undefined)
      expect(found).toEqual(expected)
    }),
    { numRuns: 2000 },
  )
})

describe('each element', () => {
  test('knows the line on which it begins', async () => {
    expect(await read('[\n  {"a":\n1}, {"b":2},\n\n"x\\n", 7\n,\n[\n]\n]\n')).toEqual([
      { text: '{"a":\n1}', line: 2 },
      { text: '{"b":2}', line: 3 },
      { text: '"x\\n"', line: 5 },
      { text: '7', line: 5 },
      { text: '[\n]', line: 7 },
    ])
  })

  test('comes out before what follows it is refused', async () => {
    const elements = jsonElements(texts('[1,2,]'), 'people.json')
    expect((await elements.next()).value).toEqual([
      { text: '1', line: 1 },
      { text: '2', line: 1 },
    ])
    expect(await refusal(elements.next())).toContain('expected a value before')
  })

  test('comes out before the next one is there', async () => {
    let isNextAsked = false
    async function* texts(): AsyncGenerator<string> {
      yield '[{"a":1},'
      isNextAsked = true
      yield '{}]'
    }
    const elements = jsonElements(texts(), 'people.json')
    expect((await elements.next()).value).toEqual([{ text: '{"a":1}', line: 1 }])
    expect(isNextAsked).toBe(false)
    expect((await elements.next()).value).toEqual([{ text: '{}', line: 1 }])
  })
})

describe('what is no array is refused', () => {
  test.each([
    ['', ' is empty'],
    [' \n', ' is empty'],
    ['hello', ', line 1 is not the start of a JSON array'],
    ['{"a":1} x', ", line 1 is not valid JSON: expected an object before 'x'"],
    ['{"a":1}\n{"b":', ', line 2 is not valid JSON: the object that starts there is truncated'],
    ['{"data":[{}', ', line 1 is not valid JSON: the array is truncated'],
    ['\n\nfirstname,lastname', ', line 3 is not the start of a JSON array'],
    ['[{}\n{}]', ", line 2 is not valid JSON: expected a comma or a ] before '{'"],
    ['[{},\n,{}]', ", line 2 is not valid JSON: expected a value before ','"],
    ['[{},\n]', ", line 2 is not valid JSON: expected a value before ']'"],
    ['[,{}]', ", line 1 is not valid JSON: expected a value or a ] before ','"],
    ['[{}]\n[{}]', ", line 2 is not valid JSON: unexpected '[' after the array"],
    ['[{}]\n\u202e', ", line 2 is not valid JSON: unexpected '\\u202e' after the array"],
    ['[{},\n{"a":1', ', line 2 is not valid JSON: the array is truncated'],
    ['[{}\n', ', line 2 is not valid JSON: the array is truncated'],
  ])('%j', async (text, message) => {
    expect(await refusal(read(text))).toBe(`usage: people.json${message}`)
    expect(await refusal(read(text, [1]))).toBe(`usage: people.json${message}`)
  })

  test('a value that is too long, in whatever pieces it comes', async () => {
    const text = `[1,\n"${'x'.repeat(1024 * 1024)}",2]`
    for (const size of [65536, text.length])
      expect(await refusal(read(text, [size]))).toContain('line 2 has a value longer')
  })

  test.each([
    ['a text', '[\n"', 'x'],
    ['an object', '[\n{"a":', '['],
    ['a number', '[\n', '1'],
  ])('%s without an end is not read into memory', async (_, before, filler) => {
    const { bytes, taken } = endless(before, filler)
    const message = await refusal(flat(jsonElements(decoded(bytes), 'people.json')))
    expect(message).toMatch(/^usage: people\.json, line 2 .* longer than 1048576 characters$/)
    expect(taken()).toBeLessThan(40)
  })
})

test.each([
  ['{"data":[{"a":1},{"b":2}],"hasNextPage":false}', [1, 1]],
  [
    '{\n  "status": "success",\n  "n": {"data": [1]},\n  "data": [\n    {"a":1},\n    {"b":2}\n  ]\n}\n',
    [5, 6],
  ],
  ['{\n  "a": 1\n}\n{\n  "b": 2\n}\n', [1, 4]],
])('objects of a document, and one after another, are read: %j', async (text, lines) => {
  for (const sizes of [[1], [7], [10_000]]) {
    const elements = await read(text, sizes)
    expect(elements.map((element): unknown => JSON.parse(element.text))).toEqual([{ a: 1 }, { b: 2 }])
    expect(elements.map(({ line }) => line)).toEqual(lines)
  }
})
