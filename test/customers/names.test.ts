import { expect, test } from 'vitest'
import { isCutName, nameTokens } from '../../src/customers/names.ts'

test.each([
  ['ΑΛΕΞΗΣ.ΠΑΠΑΣ', 'αλεξησ παπασ'],
  ['Ada\u00ad \u202bObi\ufe0f', 'ada obi'],
  ['Ada\u200bObi', 'ada obi'],
  ['ʿAlī ʾAḥmad', 'ali ahmad'],
  ['\u0301 . ❤\ufe0f', ''],
])('%j is folded to %j', (name, folded) => {
  expect(nameTokens(name).join(' ')).toBe(folded)
})

test.each(['a', 'é', '\u0316\u0301', 'ﷺ', 'ab ', '😀', '\u200d'])(
  'of 100,000 times %j no more than the start is folded',
  (part) => {
    const name = `Ada ${part.repeat(100_000)}`
    expect(nameTokens(name).join(' ').length).toBeLessThanOrEqual(256)
    expect(isCutName(name)).toBe(true)
    expect(isCutName('Ada')).toBe(false)
  },
)
