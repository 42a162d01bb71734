import { expect, test } from 'vitest'
import { ApiError } from '../../src/api/errors.ts'
import { createOutage } from '../../src/bulk/pool.ts'

const silent = new ApiError('unavailable', 'no answer within 30 s', {})
const limited = new ApiError('unavailable', 'the API answered 429', { status: 429 })

test('an outage is twenty requests in a row without an answer, and not one fewer', () => {
  const outage = createOutage('later', new AbortController().signal)
  for (let count = 1; count < 20; count++) expect(outage.noAnswer(silent)).toBeUndefined()
  expect(outage.noAnswer(silent)).toMatchObject({
    code: 'unavailable',
    message: '20 requests in a row got no usable response: no answer within 30 s',
    hint: 'later',
  })
})

test('any response resets the count; a 429 alone is not counted', () => {
  const outage = createOutage('later', new AbortController().signal)
  for (let count = 1; count < 20; count++) outage.noAnswer(silent)
  expect(outage.noAnswer(limited)).toBeUndefined()
  outage.answered()
  for (let count = 1; count < 20; count++) expect(outage.noAnswer(silent)).toBeUndefined()
  expect(outage.noAnswer(limited)).toBeUndefined()
  expect(outage.noAnswer(silent)).toBeDefined()
})
