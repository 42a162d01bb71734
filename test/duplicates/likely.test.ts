import { expect, test } from 'vitest'
import type { Customer } from '../../src/api/customer.ts'
import { evidenceOf } from '../../src/duplicates/evidence.ts'
import { fieldsOf } from '../../src/duplicates/fields.ts'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'
import { compare } from '../../src/duplicates/model.ts'
import { person } from './customers.ts'

/** How likely two customers of a small account are one person, at most, whatever is known about the account. */
function probability(one: Customer, other: Customer): number {
  const [a, b] = [fieldsOf(one), fieldsOf(other)]
  if (a === undefined || b === undefined) throw new Error('no e-mail')
  return compare(a, b, createFrequencies(1))?.probability ?? 0
}

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
  ['Olamide Adekunle <lionrider1@aol.com>', 'Olamide Adekunel <lionrdier@aol.com>'],
  ['Ada Adekunle <sunnylionrider@aol.com>', 'Ada Adekunel <sunylionrdier@aol.com>'],
  ['Владимир Орлов <vorlov.rider@yandex.ru>', 'Vladimir Orlov <vorlov.ridr@yandex.ru>'],
  ['Emeka Obi <emeka.obi@gmail.com>', 'Emeka Obi <emeka.obi@www.gmail.com>'],
  ['Emeka Obi <emeka.obi@gmail.com>', 'Emeka Obi <emeka.obi@gmail,com>'],
  ['Emeka Obi <emeka.obi@gmail.com>', 'Emeka Obi <emeka.obi@gmail.com.ng>'],
  ['Ifeoma Uche <ucheifeoma@gmail.com>', 'Iteoma Uceh <ucheifeomagmail.com>'],
  ['Thabo Nkosi <tnkosi@icloud.com>', 'Thabo Nkosi <tnkosi2icloud.com>'],
  ['Michel Nguessan <michelnguessan1@gmail.com>', 'Mich Nguessan <michelnguessan1.gmail.com>'],
  ['Richard Nwankwo <richard.nwankwo@live.com>', 'Nwankwo Richard <richard,nwankwo@live.com>'],
  ['Seun Bakare <seun.bakare@gmail.com>', 'Seun Bakare <seun,bakare@gmail.com>'],
  ['Joseph Dlamini <joseph.dlamini@gmail.com>', 'Joseph Dlain <joseph.dlamini@gmai.com>'],
  ['Grace Bennett <hesskayla@carter.com>', 'Grace nBnett <hesskayl@carter.com>'],
  ['Jessica Carr <wramirez@robinson.com>', 'Je sica Carr <wramires@robinson.com>'],
  ['Betty Robinson <deborah10@adams.info>', 'Betty Robinson <deborah10adams.info>'],
  ['Kevin Quaye <kevin1962@icloud.com>', 'Kevin Quaye <kevin1d62@icloud.com>'],
  ['Kevin Quaye <kevin1962@icloud.com>', 'Kevin Quaye <kevin9162@icloud.com>'],
  ['Jürgen Nnamdi <ridercoffee563@gmail.com>', 'Jürgen Nnamdi <ridrcoffee563@mail.com>'],
  ['文静 张 <wenjing.zhang88@qq.com>', 'Wenjing Zhang <wenjng.zhang88@qq.com>'],
  ['Chebet Gitau <cgitau711@gmail.com>', 'Chebet Gitau <cgitau711@marula-motors.example>'],
  ['Chiamaka Okafor <chiamaka@shop.example>', 'Chiamaka Eze <chimaka@shop.example>'],
  ['Padma Naidu <padmanaidu@yahoo.com>', 'Padma Naidu <mailto:padmanaidu@yahoo.com>'],
  ['Padma Naidu <padmanaidu@rediff.example>', 'Padma Naidu <padmanaidu@@rediff.example>'],
  ['Padma Naidu <padmanaidu@rediff.example>', 'Padma Naidu <padmanaidu@rediff.example,>'],
  ['Jukka Sandberg <jukka_sandberg@hotmail.com>', 'Jukka Sandberg <jukka_sandberg@hotmail>'],
  ['Amanda Nunes <amandanunes@live.com>', 'Amanda Nunes <amandanunes@live.c>'],
  ['Marek Nowak <marek695@o2.pl>', 'Marek Nowak <marek69s@o2.pl>'],
  ['Maria Fenley <mfenley05@msn.com>', 'Maria Fenley <mfenleyo5@msn.com>'],
  ['Daniel Fenley <fenley.daniel@msn.com>', 'Daniel Fenley <fenley.danie1@msn.com>'],
  ['Elizabeth Baker <elizabeth_baker@aol.com>', 'Elizabeth Baker <elizabetj_baker@aol.com>'],
  ['Ngozi Green <ngozi.green@aol.com>', 'Green Ngozi <ngozi.gregn@aol.com>'],
  ['Efua Mensah <efua.mensah12@aol.com>', 'Efua Mensah <efuv.mensah1@aol.com>'],
])('%s is likely %s', (one, other) => {
  expect(probability(person(one), person(other))).toBeGreaterThan(0.9)
})

test.each([
  ['father and son', 'John Smith <john.smith1@gmail.com>', 'John Smith <john.smith2@gmail.com>'],
  ['years', 'John Smith <john.smith1985@gmail.com>', 'John Smith <john.smith1986@gmail.com>'],
  ['namesakes at two providers', 'John Smith <john.smith@gmail.com>', 'John Smith <john.smith@yahoo.com>'],
  ['two years of birth', 'Kevin Quaye <kevin1989@icloud.com>', 'Kevin Quaye <kevin1998@icloud.com>'],
  ['a letter after a number', 'Kevin Quaye <kevin1962@icloud.com>', 'Kevin Quaye <kevin1962b@icloud.com>'],
  ['two names of providers', 'Ada Obi <ada.obi@gmail.com>', 'Ada Obi <adaobi@mail.com>'],
  ['a middle initial', 'John Smith <johnsmith@gmail.com>', 'John Smith <johnasmith@gmail.com>'],
  ['an initial', 'Monika Schulz <monikaschulz@web.de>', 'Monika Schulz <monika.a.schulz@web.de>'],
  ['middle initials', 'Robert Baker <robert.b.baker@aol.com>', 'Robert Baker <robert.h.baker@aol.com>'],
  ['own initials', 'Ada K Obi <ada.k.obi@shop.example>', 'Ada P. Obi <ada.p.obi@shop.example>'],
  ['a number and an error', 'Mark Morris <mmorrs@net.example>', 'Mark Morris <mmorris3@net.example>'],
  ['numbers and an error', 'Ann Smith <ann.smiht4@aol.com>', 'Ann Smith <ann.smith2@aol.com>'],
  ['a number more', 'John Smith <johnsmith@gmail.com>', 'John Smith <johnsmith1@gmail.com>'],
  ['order', 'John Smith <johnsmith@gmail.com>', 'John Smith <smithjohn@gmail.com>'],
  ['initials', 'John Smith <jsmith@gmail.com>', 'John Smith <josmith@gmail.com>'],
  ['two real domains', 'John Smith <john.smith@gmail.com>', 'John Smith <john.smith@ymail.com>'],
  ['brother and sister', 'Mario Silva <mario.silva@gmail.com>', 'Maria Silva <maria.silva@gmail.com>'],
  ['spellings', 'Mohamed Ali <mohamed.ali@gmail.com>', 'Mohammed Ali <mohammed.ali@gmail.com>'],
  ['twins', 'Taiwo Ajayi <family@gmail.com>', 'Kehinde Ajayi <family@gmial.com>'],
  ['short locals', 'Ada Obi <ada@gmail.com>', 'Ada Obi <adah@gmail.com>'],
  ['other names', 'Emeka Obi <emeka.obi@gmail.com>', 'Ngozi Eze <emeka.obi@gmial.com>'],
  ['nothing but the name', 'Emeka Obi <emeka.obi@gmail.com>', 'Emeka Obi <lion@shop.example>'],
  ['a title', 'John Smith <johnsmith@gmail.com>', 'John Smith <mrjohnsmith@gmail.com>'],
  ['a city', 'John Smith <johnsmith@hotmail.com>', 'John Smith <johnsmithphc@hotmail.com>'],
  ['another country', 'Nikos Makris <nikos.makris@hotmail.gr>', 'Nikos Makris <nikosmakris@hotmail.com>'],
  ['umlauts', 'Thomas Müller <t.mueller@gmx.de>', 'Thomas Müller <tmuller@gmx.de>'],
  ['sisters', 'Олена Гнатюк <olena.hnatiuk@gmail.com>', 'Олеся Гнатюк <olesia.hnatiuk@gmail.com>'],
  ['siblings in Arabic', 'نبيل حداد <nabil.haddad@gmail.com>', 'نبيلة حداد <nabila.haddad@gmail.com>'],
  [
    'initials at the end',
    'Вера Тарасова <gamer.tarasova.ve@gmail.com>',
    'Иван Тарасов <gamer.tarasov.iv@gmail.com>',
  ],
  ['a mailbox each of a family', 'Kofi Owusu <theowusus1@gmail.com>', 'Ama Owusu <theowusus2@gmail.com>'],
  ['numbers of a family', 'Роман Белов <thebelovs1@gmail.com>', 'Вера Белова <thebelovs2@gmail.com>'],
  [
    'the first names in both',
    'Aleksander Kowalski <aleksander@thekowalskis.example>',
    'Aleksandra Kowalski <aleksandra@thekowalskis.example>',
  ],
  ['beginnings of a name in Amharic', 'ሂሩት መኮንን <hmekonnen@gmail.com>', 'ሂሩት መኮንን <himekonnen@gmail.com>'],
  [
    'beginnings in Greek',
    'Θανάσης Αντωνίου <tantoniou@gmail.com>',
    'Θανάσης Αντωνίου <thantoniou@gmail.com>',
  ],
  [
    'initials',
    'Αγγελική Γεωργίου <mrangelikigeorgiou@yahoo.com>',
    'Αγγελική Γεωργίου <angelikigeorgiou.h@yahoo.com>',
  ],
  ['a role at two firms', 'Emeka Obi <info@obi-sons.example>', 'Emeka Obi <info@shop.example>'],
  ['a role at two providers', 'Emeka Obi <info@gmail.com>', 'Emeka Obi <info@yahoo.com>'],
  [
    'the mailbox of a couple, mistyped',
    'Hanane Ouazzani <hananeandabdellah@outlook.com>',
    'Abdellah Ouazzani <hananeandabdellha@outlook.com>',
  ],
  [
    'a word before a name in two scripts',
    'Elena Кузнецова <elenakuznetsova@bk.ru>',
    'Elena Кузнецова <realelenakuznetsova@bk.ru>',
  ],
])('%s: %s is not %s', (_why, one, other) => {
  expect(probability(person(one), person(other))).toBeLessThan(0.9)
})

test.each([
  'Αγγελική Μακρή <angelikimakri',
  'Ευάγγελος Σταύρου <evangelos.stavrou',
  'Μπάμπης Αυγερινός <babisavgerinos',
  'Марина Соловьёва <marinasolovyova',
  'Михаил Хасанов <michailhasanov',
  'كريمة جمال <karimagamal',
  'قاسم عثمان <kassemosman',
  'יוסף לוי <yosef.levi',
  '지영 김 <jiyoungkim',
  '현우 이 <hyunwoolee',
  '伟 黄 <weiwong',
  'अंजलि सिंह <anjalisingh',
  'राजेश अग्रवाल <rajeshagarwal',
  'চৌধুরী ঘোষ <chowdhuryghosh',
  'சுப்பிரமணியன் குமார் <subramaniankumar',
  'ወልደ መኮንን <woldemekonnen',
  'ممدوح النجار <mamdouhnajjar',
  'שרה כהן <sarahcohen',
  'שרה הלוי <sarahalevi',
])('namesakes at two providers, whose address is their name in Latin letters: %s', (one) => {
  expect(probability(person(`${one}@gmail.com>`), person(`${one}@yahoo.com>`))).toBeLessThan(0.9)
})

/** An account of so many customers beside those of a test. */
function accountOf(others: readonly string[]) {
  const frequencies = createFrequencies()
  for (const one of others) {
    const fields = fieldsOf(person(one))
    if (fields !== undefined) frequencies.add(fields)
  }
  return frequencies
}

test('whoever shares a whole name with many is less likely found by it', () => {
  const [a, b] = ['johnsmith77@gmail.com', 'johnsmith77@yahoo.com'].map((email) =>
    fieldsOf(person(`John Smith <${email}>`)),
  )
  if (a === undefined || b === undefined) throw new Error('no e-mail')
  // In both accounts John and Smith are as common.
  const strangers = Array.from({ length: 40 }, (_, at) => [
    `John Obi <john${at}@shop${at}.example>`,
    `Ada Smith <ada${at}@shop${at}.example>`,
  ]).flat()
  const namesakes = Array.from({ length: 40 }, (_, at) => [
    `John Smith <john${at}@shop${at}.example>`,
    `Ada Obi <ada${at}@shop${at}.example>`,
  ]).flat()
  const bits = (others: readonly string[]): number => compare(a, b, accountOf(others))?.bits ?? 0
  expect(bits(namesakes)).toBeLessThan(bits(strangers) - 1)
})

test('a word before the @ that many have says less, whoever they are', () => {
  const [a, b] = ['a.okafor.lagos@gmail.com', 'a.okafor.lagos@yahoo.com'].map((email) =>
    fieldsOf(person(`Ada Okafor <${email}>`)),
  )
  if (a === undefined || b === undefined) throw new Error('no e-mail')
  const people = (word: string) =>
    Array.from({ length: 400 }, (_, at) => `Uche${at} Eze${at} <uche${at}.${word}@gmail.com>`)
  const bits = (word: string): number => compare(a, b, accountOf(people(word)))?.bits ?? 0
  expect(bits('lagos')).toBeLessThan(bits('kano') - 3)
})

test('a customer who was created a hundred times is no hundred namesakes', () => {
  const [a, b] = ['nneka.rider@gmail.com', 'nneka.ridr@gmail.com'].map((email) =>
    fieldsOf(person(`Nneka Okoro <${email}>`)),
  )
  if (a === undefined || b === undefined) throw new Error('no e-mail')
  const again = Array.from({ length: 100 }, () => 'Nneka Okoro <nneka.rider@gmail.com>')
  expect(compare(a, b, accountOf(again))?.probability).toBeGreaterThan(0.9)
})

test('a name that is made to take long is compared like others', () => {
  const name = `${'гһ'.repeat(25)}к`
  const [a, b] = ['', 'k'].map((end) => fieldsOf(person(`${name} Obi <${'h'.repeat(60)}${end}@gmail.com>`)))
  if (a === undefined || b === undefined) throw new Error('no e-mail')
  expect(compare(a, b, createFrequencies(1))?.because.map(({ text }) => text)).toContain(
    'same domain gmail.com',
  )
})

test('the reason is given', () => {
  const [one, other] = [person('Emeka Obi <emeka.obi@gmail.com>'), person('Emeka Obi <emeka.obi@gmial.com>')]
  expect(evidenceOf(one, other, { frequencies: createFrequencies(1), certainty: 0.9 })).toMatchObject({
    level: 'likely',
    why: expect.stringContaining('gmial.com is mistyped for gmail.com'),
  })
})
