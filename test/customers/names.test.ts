import { expect, test } from 'vitest'
import { isCutName, nameOf, nameTokens } from '../../src/customers/names.ts'
import { compareNames } from '../../src/duplicates/name-match.ts'

/** `Emeka|Obi`: first and last name. */
function compared(one: string, other: string) {
  const [a, b] = [one, other].map((text) => {
    const [firstname, lastname] = text.split('|')
    return nameOf({ firstname, lastname })
  })
  return a && b && compareNames(a, b)
}

test.each([
  ['Emeka|Obi', ' EMEKA |obi'],
  ['Emeka|Obi', 'Obi|Emeka'],
  ['Emeka Obi|', 'Emeka|Obi'],
  ['Adébáyọ̀|Ọláníyan', 'Adebayo|Olaniyan'],
  ['Łukasz|Żółkiewski', 'Lukasz|Zolkiewski'],
  ['Aminata|N’Diaye', "Aminata|N'diaye"],
  ['Aminata|N’Diaye', 'Aminata|Ndiaye'],
  ['Jean-Baptiste|Diop', 'Jean Baptiste|Diop'],
  ['Pieter|van der Merwe', 'Pieter|Vandermerwe'],
  ['Ｅmeka|Obi', 'Emeka|Obi'],
  ['أحمد|المصري', 'احمد|المصرى'],
  ['美咲|佐藤', '佐藤|美咲'],
])('%s and %s are the same name', (one, other) => {
  expect(compared(one, other)).toMatchObject({ kind: 'same' })
})

test.each([
  ['Emeka|Okafor', 'Emeka|Okafro'],
  ['Emeka|Okafor', 'Emeka|Okafo'],
  ['Emeka|Okafor', 'Emmeka|Okafor'],
  ['Chukwuemeka|Obi', 'Chukwuemkea|Obi'],
  ['Patience|Obi', 'Ptience|Obi'],
  ['Patience|Obi', 'Patoence|Obi'],
])('%s and %s may be one name with a small typing error', (one, other) => {
  expect(compared(one, other)).toMatchObject({ kind: 'typing' })
})

test.each([
  ['Mohammed|Bello', 'Muhammad|Bello', 'spelling'],
  ['Youssef|Hassan', 'Yusuf|Hasan', 'spelling'],
  ['محمد|حسن', 'Mohamed|Hassan', 'spelling'],
  ['Robert|Smith', 'Bob|Smith', 'nickname'],
  ['Chukwuemeka|Obi', 'Emeka|Obi', 'nickname'],
  ['Babatunde|Ajayi', 'Tunde|Ajayi', 'nickname'],
  ['Bob|Smith', 'Smith|Rob', 'nickname'],
  ['E|Obi', 'Emeka|Obi', 'initial'],
  ['Mary|Smith', 'Mary Jane|Smith', 'middle'],
  ['Patience|Obi', 'Batience|Obi', 'typing'],
  ['Patience|Obi', 'Oatience|Obi', 'typing'],
  ['Mohamed|Bello', 'Mohammed|Bello', 'spelling'],
])('%s and %s may be one person', (one, other, kind) => {
  expect(compared(one, other)).toMatchObject({ kind })
})

test.each([
  ['Mario|Silva', 'Maria|Silva'],
  ['Paul|Obi', 'Paula|Obi'],
  ['Taiwo|Ajayi', 'Kehinde|Ajayi'],
  ['Hassan|Bello', 'Hassana|Bello'],
  ['Adeola|Ajayi', 'Adeolu|Ajayi'],
  ['Oluwatobi|Ajayi', 'Oluwatoni|Ajayi'],
  ['Chidi|Obi', 'Chika|Obi'],
  ['John|Obi', 'Joan|Obi'],
  ['Okafor|Tobi', 'Okafor|Toni'],
  ['John|Smith', 'John|Smith Jr'],
  ['John|Smith Sr', 'John|Smith Jr'],
  ['Emeka|Obi', 'Emeka|Eze'],
  ['Emeka|Obi', 'Emeka|'],
  ['|', '|'],
  ['राम|सिंह', 'रमा|सिंह'],
  ['지훈|김', '지혼|김'],
  ['Anna Maria|Rossi', 'Carla Luisa|Bianchi'],
  ['Mr Emeka|Obi', 'Mrs Emeka|Obi'],
])('%s and %s are two people', (one, other) => {
  expect(compared(one, other)).toBeUndefined()
})

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
