import { expect, test } from 'vitest'
import { evidenceOf } from '../../src/duplicates/evidence.ts'
import { person } from './customers.ts'

test.each([
  ['Emeka Obi <emeka.obi@gmail.com>', 'Emeka Obi <emeka.obi@gmial.com>'],
  ['Emeka Obi <emeka.obi@gmail.com>', 'Obi Emeka <emekaobi+x@gmail.con>'],
  ['Emeka Obi <emeka.obi@gmail.com>', 'Emmeka Obi <emeka.obi@gmai.com>'],
  ['Robert Smith <robert.smith@yahoo.com>', 'Bob Smith <robertsmith@yahooo.com>'],
  ['Emeka Okafor <emeka.okafor@yahoo.com>', 'Emeka Okafor <emeka.okafro@yahoo.com>'],
  ['Emeka Okafor <emeka.okafor@yahoo.com>', 'Emeka Okafor <emeka_okafor@yahoo.com>'],
  ['Mohammed Bello <m.bello1985@yahoo.com>', 'Muhammad Bello <m.belo1985@yahoo.com>'],
  ['Emeka Obi <sunnyrider@gmail.com>', 'Emeka Obi <sunnyrider@yahoo.com>'],
  ['Emeka Obi <emeka@safarigoods.example>', 'Emeka Obi <emeka@safarigods.example>'],
  ['Ada Obi <adaobi-shop@yahoo.com>', 'Ada Obi <adaobi@yahoo.com>'],
])('%s is likely %s', (one, other) => {
  expect(evidenceOf(person(one), person(other))?.level).toBe('likely')
})

test.each([
  ['father and son', 'John Smith <john.smith1@gmail.com>', 'John Smith <john.smith2@gmail.com>'],
  ['years', 'John Smith <john.smith1985@gmail.com>', 'John Smith <john.smith1986@gmail.com>'],
  ['namesakes at two providers', 'John Smith <john.smith@gmail.com>', 'John Smith <john.smith@yahoo.com>'],
  ['a middle initial', 'John Smith <johnsmith@gmail.com>', 'John Smith <johnasmith@gmail.com>'],
  ['a number more', 'John Smith <johnsmith@gmail.com>', 'John Smith <johnsmith1@gmail.com>'],
  ['order', 'John Smith <johnsmith@gmail.com>', 'John Smith <smithjohn@gmail.com>'],
  ['initials', 'John Smith <jsmith@gmail.com>', 'John Smith <josmith@gmail.com>'],
  ['two real domains', 'John Smith <john.smith@gmail.com>', 'John Smith <john.smith@ymail.com>'],
  ['brother and sister', 'Mario Silva <mario.silva@gmail.com>', 'Maria Silva <maria.silva@gmail.com>'],
  ['spellings', 'Mohamed Ali <mohamed.ali@gmail.com>', 'Mohammed Ali <mohammed.ali@gmail.com>'],
  ['twins', 'Taiwo Ajayi <family@gmail.com>', 'Kehinde Ajayi <family@gmial.com>'],
  ['short locals', 'Ada Obi <ada@shop.example>', 'Ada Obi <adah@shop.example>'],
  ['other names', 'Emeka Obi <emeka.obi@gmail.com>', 'Ngozi Eze <emeka.obi@gmial.com>'],
  ['nothing but the name', 'Emeka Obi <emeka.obi@gmail.com>', 'Emeka Obi <lion@shop.example>'],
  ['too many errors', 'Olamide Adekunle <lionrider1@aol.com>', 'Olamide Adekunel <lionrdier@aol.com>'],
  ['errors here and there', 'Ada Adekunle <sunnylionrider@aol.com>', 'Ada Adekunel <sunylionrdier@aol.com>'],
  ['a role at two firms', 'Emeka Obi <info@obi-sons.example>', 'Emeka Obi <info@shop.example>'],
])('%s: %s is not %s', (_why, one, other) => {
  expect(evidenceOf(person(one), person(other))).toBeUndefined()
})

test('the reason is given', () => {
  const [one, other] = [person('Emeka Obi <emeka.obi@gmail.com>'), person('Emeka Obi <emeka.obi@gmial.com>')]
  expect(evidenceOf(one, other)).toEqual({
    level: 'likely',
    why: 'same name; gmial.com is likely a typing error for gmail.com',
  })
})
