import { expect, test } from 'vitest'
import { splitName } from '../../src/files/full-name.ts'

test.each([
  ['Ada Obi', 'Ada', 'Obi'],
  ['Jan van der Berg', 'Jan', 'van der Berg'],
  ['Omar al-Sayed', 'Omar', 'al-Sayed'],
  ['Juan Carlos de la Cruz y Gomez', 'Juan Carlos', 'de la Cruz y Gomez'],
  ['Ana Silva e Costa', 'Ana', 'Silva e Costa'],
  ['محمد بن سلمان', 'محمد', 'بن سلمان'],
  ['علي أبو زيد', 'علي', 'أبو زيد'],
  ['فاطمة الزهراء عبد الله', 'فاطمة الزهراء', 'عبد الله'],
  ['Karim Abd al Rahman', 'Karim', 'Abd al Rahman'],
  ['Al Gore', 'Al', 'Gore'],
  ['Obi, Ada', 'Ada', 'Obi'],
  ['Dr. Obi, Ada', 'Ada', 'Dr. Obi'],
  ['Martin Luther King, Jr.', 'Martin Luther', 'King, Jr.'],
  ['Ada Obi (Mrs.)', 'Ada', 'Obi (Mrs.)'],
  ['Ada Obi (née Eze)', 'Ada', 'Obi (née Eze)'],
  ['Ada (Queen) Obi', 'Ada (Queen)', 'Obi'],
  ['Ada "Queen" Obi', 'Ada "Queen"', 'Obi'],
  ['Obi, Ada (Mrs.)', 'Ada (Mrs.)', 'Obi'],
])('%s is divided', (text, firstname, lastname) => {
  expect(splitName(text)).toEqual({ firstname, lastname })
})

test.each([
  'Madonna',
  'عبد الله',
  'Abd al-Rahman',
  'Ada (Mrs.)',
  'Ada Obi & Emeka Obi',
  'Mr. and Mrs. Obi',
  'Ada Obi / Emeka Eze',
  'Ada Obi - VIP',
  'Ada Obi 2',
  'Obi; Ada',
  'Acme Ltd',
  'Acme, Inc.',
  'Mensah Ltd, Ama Mensah',
  'ada@x.example +233 24',
])('%s is not divided', (text) => {
  expect(splitName(text)).toEqual({ firstname: text, lastname: '' })
})
