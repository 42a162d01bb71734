import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { orafi } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

// Made-up customers in the form in which well-known programs export them.
const folder = new URL('exports/', import.meta.url)

/** Who is in the account after an import without flags. */
const people: Readonly<Record<string, readonly string[]>> = {
  'google-contacts-old.csv': ['Salma|Haddad|salma.haddad@contacts.example'],
  'google-contacts.csv': [
    'Otieno|Odhiambo|otieno@contacts.example',
    'Wanjiru|Kamau|wanjiru.kamau@contacts.example',
  ],
  'hubspot-contacts.csv': ['Adaeze|Nnamdi|adaeze@crm.example', 'Chidi|Okafor|chidi.okafor@crm.example'],
  'klaviyo-list.csv': ['Nadia|Benali|nadia@kl.example'],
  'mailchimp-audience.csv': ['Tunde|Bakare|tunde@news.example', 'Zainab|Bello|zainab.bello@news.example'],
  'outlook-contacts.csv': ['André|Lefèvre|andre.lefevre@outlook.example', 'Zoë|Müller|zoe@outlook.example'],
  'prestashop-clients.csv': [
    'Aurélien|N’Diaye|aurelien.ndiaye@presta.example',
    'Awa|Ba|awa.ba@presta.example',
  ],
  'quickbooks-customers.csv': ['Chinwe|Okoro|okoro@qb.example', 'Halima|Yusuf|halima@qb.example'],
  'salesforce-report.csv': ['Fatou|Jallow|fatou.jallow@sf.example', 'Lamin|Ceesay|lamin@sf.example'],
  'shopify-customers.csv': [
    'Ngozi|Ekwueme|ngozi.ekwueme@shop.example',
    "Seán|O'Neill|sean.oneill@shop.example",
  ],
  'square-customers.csv': ['Sipho|Dlamini|sipho@sq.example', 'Thandiwe|Nkosi|thandiwe@sq.example'],
  'stripe-customers.csv': ['Jan|van der Berg|jan@pay.example', 'Kofi|Mensah|kofi.mensah@pay.example'],
  'woocommerce-orders.csv': ['Ama|Boateng|ama.boateng@woo.example', 'Yaw|Asante|yaw@woo.example'],
  'xero-contacts.csv': ['Amina|Diallo|amina@books.example', 'Moussa|Sow|moussa.sow@books.example'],
}

async function imported(name: string, flags: readonly string[] = []) {
  const shop = await openShop()
  const file = new URL(name, folder).pathname
  const { code, stderr } = await orafi(['customers', 'import', file, ...flags], shop.test)
  const list = await orafi('customers list --all --ndjson', shop.test)
  const lines = list.stdout.split('\n').filter(Boolean)
  const all = lines.map((line) => {
    const { firstname, lastname, email } = JSON.parse(line)
    return `${firstname}|${lastname}|${email}`
  })
  return { code, stderr, people: all.sort() }
}

test.each(Object.keys(people))('%s is imported without flags', async (name) => {
  const { code, people: found } = await imported(name)
  expect([code, found]).toEqual([0, people[name]])
})

test('an export that lacks names says which flags fill them', async () => {
  const { code, stderr } = await imported('paystack-customers.csv')
  expect(code).toBe(2)
  expect(stderr).toContain(
    'line 3: firstname is empty (to fill it: --default firstname=-); lastname is empty (to fill it: --default lastname=-)',
  )
  const flags = ['--default', 'firstname=-', '--default', 'lastname=-']
  expect(await imported('paystack-customers.csv', flags)).toMatchObject({
    code: 0,
    people: ['-|-|unknown@ps.example', 'Ifeanyi|Eze|ifeanyi@ps.example'],
  })
})

test('every file in the folder is imported by a test', () => {
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(people), 'paystack-customers.csv'].sort())
  for (const name of readdirSync(folder))
    expect(readFileSync(new URL(name, folder)).length).toBeGreaterThan(0)
})
