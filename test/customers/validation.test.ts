import { describe, expect, test } from 'vitest'
import { problemOf } from '../../src/customers/validation.ts'
import { isEmail } from '../../src/email.ts'
import { startApi } from '../support/api.ts'
import { orafi } from '../support/orafi.ts'

describe('an e-mail address', () => {
  const ofLength = (length: number): string => `${'a'.repeat(length - '@x.example'.length)}@x.example`

  test('may have 254 characters and no more', () => {
    expect([253, 254, 255].map((length) => isEmail(ofLength(length)))).toEqual([true, true, false])
  })

  test.each([
    'ada+shop@x.example',
    "o'hara@x.example",
    'ida@bücher.example',
    'ida@xn--bcher-kva.example',
    '"ada obi"@x.example'.replace(' ', '_'),
    '"a@b"@x.example',
    'مريم@مثال.مصر',
    'a@b-c.co.uk',
  ])('can be %s', (text) => {
    expect(isEmail(text)).toBe(true)
  })

  test.each([
    'ada..obi@x.example',
    '.ada@x.example',
    'ada.@x.example',
    'ada@x.example.',
    'ada@.x.example',
    'ada@x..example',
    'ada@x.example/',
    "'ada@x.example'",
    '"ada@x.example"',
    '<ada@x.example>',
    'ada@x',
    'ada obi@x.example',
    'ada@@x.example',
    'ada@x.example,bo@x.example',
    '@x.example',
    '',
  ])('cannot be %j', (text) => {
    expect(isEmail(text)).toBe(false)
  })

  test('holds no control characters', () => {
    expect(isEmail('ada\u202e@x.example')).toBe(false)
  })
})

describe('a customer is not created', () => {
  test.each(['firstname', 'lastname', 'email'] as const)(
    'with control characters in its %s',
    async (field) => {
      const api = await startApi()
      const customer = { firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example' }
      const given = { ...customer, [field]: `a\u202e${customer[field]}` }
      const words = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])
      const { code, stderr } = await orafi(['customers', 'create', ...words], api.test)
      expect(stderr).toContain(`--${field} contains control characters: 'a\\u202e${customer[field]}'`)
      expect([code, api.received]).toEqual([2, []])
    },
  )

  test('twice: where the API says that the e-mail is in use, the command that shows who has it is named', async () => {
    const api = await startApi()
    api.instead = () => ({ status: 409, body: { success: false, message: 'in use' } })
    const line = 'customers create --firstname Ada --lastname Obi --email ada@x.example'
    const { code, stderr } = await orafi(line, api.test)
    expect(stderr).toContain('hint: see who has this e-mail: orafi customers find ada@x.example --by email')
    expect(code).toBe(1)
  })

  test('and another refusal names no such command', async () => {
    const api = await startApi()
    api.instead = () => ({ status: 410, body: { success: false, message: 'no' } })
    const line = 'customers create --firstname Ada --lastname Obi --email ada@x.example'
    expect((await orafi(line, api.test)).stderr).not.toContain('customers find')
  })
})

test('what a blank or a whole value has wrong with it', () => {
  expect([problemOf('firstname', ' '), problemOf('firstname', 'Ada'), problemOf('email', 'Ada')]).toEqual([
    'is empty',
    undefined,
    "is not an e-mail address: 'Ada'",
  ])
})
