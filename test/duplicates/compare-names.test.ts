import { expect, test } from 'vitest'
import { nameTokens } from '../../src/customers/names.ts'
import { compareNames } from '../../src/duplicates/compare-names.ts'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'

/** How many bits two names such as `Emeka|Obi` say for one person rather than for strangers, or for relatives. */
function compared(one: string, other: string) {
  const [a, b] = [one, other].map((text) => text.split('|').flatMap(nameTokens))
  const evidence = compareNames(a ?? [], b ?? [], createFrequencies(1))
  const sum = (of: 'person' | 'relatives') => evidence.reduce((total, one) => total + one[of], 0)
  return {
    texts: evidence.map(({ text }) => text).join('; '),
    versusStrangers: sum('person'),
    versusRelatives: sum('person') - sum('relatives'),
  }
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
  ['伟|王', '王|伟'],
])('%s and %s are the same name', (one, other) => {
  const { texts, versusStrangers, versusRelatives } = compared(one, other)
  expect(texts).not.toMatch(/differ by|differ$|forms|spellings/)
  expect(versusStrangers).toBeGreaterThan(9)
  expect(versusRelatives).toBeGreaterThan(4)
})

test.each([
  ['Emeka|Okafor', 'Emeka|Okafro', 'differ by a letter'],
  ['Emeka|Okafor', 'Emeka|Okafo', 'differ by a letter'],
  ['Oluwaseun|Obi', 'Oluwa|Obi', 'is the start of'],
  ['Emeka|Okafor', 'Emmeka|Okafor', 'differ by a letter'],
  ['Chukwuemeka|Obi', 'Chukwuemkea|Obi', 'differ by a letter'],
  ['Patience|Obi', 'Ptience|Obi', 'differ by a letter'],
  ['Patience|Obi', 'Patoence|Obi', 'differ by a letter'],
  ['Patience|Obi', 'Batience|Obi', 'differ by a letter'],
  ['Patience|Obi', 'Oatience|Obi', 'differ by a letter'],
  ['Mohammed|Bello', 'Muhammad|Bello', 'spellings of one name'],
  ['Mohamed|Bello', 'Mohammed|Bello', 'spellings of one name'],
  ['Youssef|Hassan', 'Yusuf|Hasan', 'spellings of one name'],
  ['محمد|حسن', 'Mohamed|Hassan', 'spellings of one name'],
  ['Владимир|Щербаков', 'Vladimir|Shcherbakov', 'one name in two scripts'],
  ['Марина|Соловьёва', 'Marina|Solovyova', 'one name in two scripts'],
  ['Ευάγγελος|Βλάχου', 'Evangelos|Vlahou', 'one name in two scripts'],
  ['صالح|عباس', 'Saleh|Abbas', 'one name in two scripts'],
  ['جمال|الشريف', 'Gamal|Elsherif', 'one name in two scripts'],
  ['יוסף|לוי', 'Yosef|Levi', 'one name in two scripts'],
  ['지영|정', 'Jiyoung|Chung', 'one name in two scripts'],
  ['هبة|عبدالعزيز', 'Hiba|Abdel-Aziz', 'one name in two scripts'],
  ['민준|이', 'Minjun|Lee', 'one name in two scripts'],
  ['伟|黄', 'Wei|Wong', 'one name in two scripts'],
  ['Robert|Smith', 'Bob|Smith', 'forms of one name'],
  ['Chukwuemeka|Obi', 'Emeka|Obi', 'forms of one name'],
  ['Babatunde|Ajayi', 'Tunde|Ajayi', 'forms of one name'],
  ['Bob|Smith', 'Smith|Rob', 'forms of one name'],
  ['E|Obi', 'Emeka|Obi', 'an initial'],
  ['Mary|Smith', 'Mary Jane|Smith', 'one has an extra name'],
])('%s and %s may be one person: %s', (one, other, text) => {
  const { texts, versusStrangers, versusRelatives } = compared(one, other)
  expect(texts).toContain(text)
  expect(versusStrangers).toBeGreaterThan(3)
  expect(versusRelatives).toBeGreaterThan(-2)
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
  ['Anna Maria|Rossi', 'Carla Luisa|Bianchi'],
  ['Mr Emeka|Obi', 'Mrs Emeka|Obi'],
  ['Alejandro|Castro Reyes', 'Alejandra|Castro Reyes'],
])('%s and %s are rather two relatives', (one, other) => {
  expect(compared(one, other).versusRelatives).toBeLessThan(-2)
})

test.each([
  ['Emeka|Obi', 'Ngozi|Eze'],
  ['Anna Maria|Rossi', 'Carla Luisa|Bianchi'],
])('%s and %s are strangers', (one, other) => {
  expect(compared(one, other).versusStrangers).toBeLessThan(-6)
})

test.each([
  ['|', '|'],
  ['Emeka|Obi', '|'],
])('a missing name says nothing: %s and %s', (one, other) => {
  expect(compared(one, other)).toEqual({ texts: '', versusStrangers: 0, versusRelatives: 0 })
})

test('however rare they are, names alone say no more than their cap, and a third name little more', () => {
  const { versusStrangers: two } = compared('Zwxq|Plkj', 'Zwxq|Plkj')
  const { versusStrangers: three } = compared('Zwxq Vbnm|Plkj', 'Zwxq Vbnm|Plkj')
  expect(two).toBeCloseTo(12.5)
  expect(three).toBeGreaterThan(two)
  expect(three).toBeLessThanOrEqual(14.5)
})
