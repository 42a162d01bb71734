import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/api/call.ts'
import { readCustomer, readDeleted, readPage } from '../../src/api/envelope.ts'
import { ApiError } from '../../src/api/errors.ts'
import { parseExact, stringifyExact } from '../../src/exact.ts'
import { melvin, success } from './answering.ts'

function answerOf(body: unknown, method: Answer['call']['method'] = 'GET', status = 200): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { call: { method, path: ['customers'] }, status, text, unanswered: false }
}

/** The message of the ApiError that reading throws. */
function refusal(read: () => unknown): ApiError {
  try {
    read()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const page = (body: unknown, askedFor = 100) => readPage(answerOf(body), askedFor)
const pageRefusal = (body: unknown, askedFor = 100) => refusal(() => page(body, askedFor)).message

const anyRecord = fc
  .tuple(fc.string({ minLength: 1 }), fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }))
  .map(([id, fields]) => ({ ...fields, id }))
const anyRecords = fc.array(anyRecord, { maxLength: 5 })
const anyCursor = fc.string({ minLength: 1 })

/** Every accepted shape (docs/orafi-api.md#pagination): where the array stands, and where the paging. */
const shapes = ['array', 'customers', 'items', 'results', 'data'].flatMap((array) =>
  ['beside', 'pagination', 'pageInfo', 'meta'].map((paging) => ({ array, paging })),
)

function shaped(shape: { array: string; paging: string }, records: unknown[], paging: object): unknown {
  const held = shape.paging === 'beside' ? paging : { [shape.paging]: paging }
  return shape.array === 'array' ? success(records, held) : success({ [shape.array]: records, ...held })
}

describe.each(shapes)('a page with its customers in $array and its paging in $paging', (shape) => {
  test('is read: the customers by value, and whether there are more', () => {
    fc.assert(
      fc.property(anyRecords, anyCursor, (records, nextCursor) => {
        const plain = parseExact(JSON.stringify(records))
        expect(page(shaped(shape, records, { nextCursor, hasNextPage: true }))).toEqual({
          customers: plain,
          hasNextPage: true,
          nextCursor,
        })
        const last = { customers: plain, hasNextPage: false, nextCursor: null }
        expect(page(shaped(shape, records, { nextCursor, hasNextPage: false }))).toEqual(last)
        expect(page(shaped(shape, records, { nextCursor: null, hasNextPage: false }))).toEqual(last)
      }),
      { numRuns: 20 },
    )
  })

  test('may tell by one of the two alone', () => {
    const more = { customers: [melvin], hasNextPage: true, nextCursor: 'c' }
    const last = { customers: [melvin], hasNextPage: false, nextCursor: null }
    expect(page(shaped(shape, [melvin], { nextCursor: 'c' }))).toEqual(more)
    expect(page(shaped(shape, [melvin], { nextCursor: 'c', hasNextPage: null }))).toEqual(more)
    for (const ending of [{ nextCursor: null }, { nextCursor: '' }, { hasNextPage: false }]) {
      expect(page(shaped(shape, [melvin], ending), 1)).toEqual(last)
    }
  })

  test('is refused when more are promised without a cursor', () => {
    for (const promise of [
      { hasNextPage: true },
      { hasNextPage: true, nextCursor: null },
      { hasNextPage: true, nextCursor: '' },
    ]) {
      expect(pageRefusal(shaped(shape, [melvin], promise))).toContain('hasNextPage without a nextCursor')
    }
  })
})

describe('a page without a word on paging', () => {
  test('is the last one when it holds fewer than were asked for', () => {
    expect(page(success([melvin]), 2)).toMatchObject({ hasNextPage: false, nextCursor: null })
    expect(page(success({ items: [] }), 20)).toMatchObject({ customers: [], hasNextPage: false })
  })

  test('is refused when it is full: an API that renamed them must not look like the end', () => {
    expect(pageRefusal(success([melvin, { id: 'cus_2' }], { next_cursor: 'c' }), 2)).toContain(
      'a full page with neither hasNextPage nor nextCursor',
    )
  })
})

describe('a page is refused, and what was found is named, when', () => {
  test.each([
    ['data is missing', { success: true, message: 'ok' }, 'nothing in place of a page'],
    ['data is null', success(null), 'null in place of a page'],
    ['data is a text', success('none'), 'a text in place of a page'],
    ['no array is there', success({ records: [] }), 'a page without customers (its fields: records)'],
    ['two arrays are there', success({ items: [], customers: [] }), 'both customers and items'],
    ['a customer is null', success([melvin, null]), 'null as customer 2 of the page'],
    ['a customer is a list', success([[]]), 'an array as customer 1 of the page'],
    ['an id is missing', success([{ email: 'a@b.co' }]), 'customer 1 of the page with nothing as id'],
    ['an id is empty', success([{ id: '' }]), 'customer 1 of the page with an empty text as id'],
    ['an id is a number', success([{ id: 7 }]), 'customer 1 of the page with a number as id'],
    ['hasNextPage is a text', success([melvin], { hasNextPage: 'true' }), 'a text as hasNextPage'],
    ['nextCursor is a number', success([melvin], { nextCursor: 7 }), 'a number as nextCursor'],
    [
      'two cursors differ',
      success([melvin], { nextCursor: 'a', meta: { nextCursor: 'b' } }),
      'two values of nextCursor',
    ],
    [
      'two answers differ on whether there is more',
      success({ items: [], hasNextPage: false }, { hasNextPage: true, nextCursor: 'a' }),
      'two values of hasNextPage',
    ],
    ['success is missing', { data: [] }, 'no success field'],
    ['success is false', { success: false, message: 'x', data: [] }, 'status 200 with success: false'],
    ['success is a text', { success: 'true', data: [] }, 'status 200 with success: a text'],
    ['the envelope is a list', [melvin], 'an array in place of the envelope'],
    ['it is no JSON', '<h1>It works!</h1>', 'an answer that is not JSON: <h1>It works!</h1>'],
    ['it is cut', '{"success":true,"data":[', 'an answer that is not JSON'],
    ['it is empty', '', 'an empty answer'],
  ])('%s', (_what, body, found) => {
    expect(pageRefusal(body)).toContain(found)
  })
})

test('paging beside the data object counts too, so that no page looks like the last', () => {
  expect(page(success({ customers: [melvin] }, { hasNextPage: true, nextCursor: 'c' })).nextCursor).toBe('c')
})

test('whatever JSON comes is read or refused with an ApiError that names it', () => {
  const names = [
    'success',
    'data',
    'customers',
    'items',
    'meta',
    'nextCursor',
    'hasNextPage',
    'id',
    '__proto__',
  ]
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(true, true, false, null, '', 'c', 1, 1e300),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(
      fc.oneof(
        tree.map((value) => stringifyExact(value)),
        tree.map((data) => stringifyExact(success(data))),
      ),
      fc.integer({ min: 1, max: 3 }),
      (text, askedFor) => {
        for (const read of [() => readPage(answerOf(text), askedFor), () => readCustomer(answerOf(text))]) {
          try {
            const value = read()
            const customers = 'customers' in value && 'hasNextPage' in value ? value.customers : [value]
            for (const customer of Array.isArray(customers) ? customers : []) expect(customer.id).not.toBe('')
          } catch (error) {
            expect(error).toBeInstanceOf(ApiError)
          }
        }
      },
    ),
    { numRuns: 1000 },
  )
})

describe('a customer', () => {
  test('is given with every field that came, unknown ones and exact numbers too', () => {
    const text =
      '{"success":true,"data":{"id":"cus_1","totalSpent":12345678901234567890,"tier":{"n":[1]},"__proto__":1}}'
    expect(stringifyExact(readCustomer(answerOf(text)))).toBe(text.slice(23, -1))
  })

  test('nested a hundred levels deep is read, and one more is not', () => {
    const nested = (levels: number): string =>
      `{"success":true,"data":{"id":"a","x":${'{"y":'.repeat(levels - 1)}1${'}'.repeat(levels - 1)}}}`
    expect(readCustomer(answerOf(nested(100)))).toMatchObject({ id: 'a' })
    expect(refusal(() => readCustomer(answerOf(nested(101)))).message).toContain(
      'nested deeper than 100 levels',
    )
  })

  test('nested without end is refused, since it could not be written again', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
    expect(
      refusal(() => readCustomer(answerOf(`{"success":true,"data":{"id":"a","x":${deep}}}`))).message,
    ).toContain('nested')
  })

  test('that was created and cannot be read may exist: ambiguous', () => {
    for (const body of [
      '',
      '<html>',
      success(null),
      success({ id: '' }),
      { success: false, message: 'no' },
    ]) {
      const error = refusal(() => readCustomer(answerOf(body, 'POST', 201)))
      expect(error).toMatchObject({ code: 'ambiguous', status: 201, unanswered: true })
    }
  })
})

describe('the answer to a delete', () => {
  test.each([
    ['no body', ''],
    ['white space', ' \n'],
    ['null', success(null)],
    ['no data', { success: true, message: 'ok' }],
    ['data', success(melvin)],
  ])('may have %s', (_what, body) => {
    expect(() => readDeleted(answerOf(body, 'DELETE'))).not.toThrow()
  })

  test('that cannot be read leaves open whether it was deleted', () => {
    for (const body of ['<html>Sign in to the hotel</html>', { success: false, message: 'no' }, []]) {
      const error = refusal(() => readDeleted(answerOf(body, 'DELETE')))
      expect(error).toMatchObject({ code: 'api_error', unanswered: true })
    }
  })
})

test('the first 200 characters of what does not fit are quoted, with control characters made visible', () => {
  const { message } = refusal(() => page(`\u001b[31m${'x'.repeat(500)}`))
  expect(message).toContain(`\\x1b[31m${'x'.repeat(195)}…`)
  expect(message).not.toContain('\u001b')
  const names = refusal(() => page(success({ '\u202e': 1 }))).message
  expect(names).toContain('\\u202e')
})
