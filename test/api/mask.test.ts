import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCustomer, deleteCustomer, getCustomer, pages } from '../../src/api/customers.ts'
import { ApiError } from '../../src/api/errors.ts'
import { createMask } from '../../src/api/mask.ts'
import { hintOf } from '../../src/hints.ts'
import { traceOf } from '../../src/output/errors.ts'
import { apiError, clientOf, key, masked, refusal, startAnswering, success } from './answering.ts'

const prefix = 'ora_test_'
const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, '0')
const each = (write: (character: string) => string) => (text: string) => [...text].map(write).join('')

/** How servers, proxies and people write down a text. */
const encodings: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in capitals': (text) => text.toUpperCase(),
  'for a URL': encodeURIComponent,
  'for a URL, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'for a URL, every character': each((character) => `%${hex(character)}`),
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  'in JSON, every character': each((character) => `\\u00${hex(character)}`),
  'in JSON, every character, in capitals': each((character) => `\\u00${hex(character).toUpperCase()}`),
  'in HTML': (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;'),
  'in HTML, every character': each((character) => `&#${character.charCodeAt(0)};`),
  'in HTML, every character in hex': each((character) => `&#x0${hex(character)};`),
  'in HTML, for a URL': (text) => encodeURIComponent(text).replaceAll('%', '&#37;'),
}

/** Whether eight characters of the key in a row, and not all of its prefix, can be read in a text. */
function leaks(text: string, secret: string): boolean {
  const code = (base: number) => (_: string, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, base))
  const readable = [
    text,
    text.replace(/%([\da-f]{2})/gi, code(16)),
    text.replace(/%25([\da-f]{2})/gi, code(16)),
    text.replace(/\\u00([\da-f]{2})/gi, code(16)),
    text.replace(/\\+(["\\])/g, '$1'),
    text.replace(/&#(\d+);/g, code(10)),
    text.replace(/&#x0*([\da-f]+);/g, code(16)),
  ].map((each) => each.toLowerCase())
  for (let end = prefix.length + 1; end <= secret.length; end++) {
    const part = secret.slice(Math.max(0, end - 8), end).toLowerCase()
    if (readable.some((each) => each.includes(part))) return true
  }
  return false
}

const shownOf = (secret: string) => `${prefix}…${secret.slice(-4)}`
const anyKey = fc
  .string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 23,
    maxLength: 80,
  })
  .map((rest) => `${prefix}${rest}`)
const anyEncoding = fc.constantFrom(...Object.values(encodings))
const anyText = fc.string({ unit: 'binary', maxLength: 20 })

/** A text that holds parts of a key in any form, the whole among them. */
const textWith = (secret: string) =>
  fc
    .array(
      fc.oneof(
        anyText,
        fc
          .tuple(fc.nat(secret.length), fc.nat(secret.length), anyEncoding)
          .map(([from, to, encode]) => encode(secret.slice(from, to))),
        anyEncoding.map((encode) => encode(secret)),
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.join(''))

describe('the mask of a key', () => {
  const mask = createMask(key, masked)

  test.each(Object.entries(encodings))('hides it as it is written %s', (_what, encode) => {
    const odd = `${prefix}0123456789"\\/%41&<>'+=abcdefghijklmn`
    for (const secret of [key, odd]) {
      const shown = shownOf(secret)
      expect(createMask(secret, shown)(`key (${encode(secret)})!`)).toBe(`key (${shown})!`)
    }
  })

  test('hides it in two encodings at once', () => {
    const escaped = each((character) => `\\u00${hex(character)}`)
    const inUrl = each((character) => `%${hex(character)}`)
    expect(mask(encodeURIComponent(escaped(key)))).toBe(masked)
    expect(mask(escaped(inUrl(key)))).toBe(masked)
  })

  test('hides what is left of it where the text was cut', () => {
    for (let length = prefix.length + 1; length < key.length; length++) {
      expect(mask(`no key ${key.slice(0, length)}…`)).toBe(`no key ${masked}…`)
      if (key.length - length >= 8) expect(mask(`…${key.slice(length)} is none`)).toBe(`…${masked} is none`)
    }
  })

  test('hides each, and two side by side as one', () => {
    expect(mask(`${key} and ${key}${key}`)).toBe(`${masked} and ${masked}`)
  })

  test('leaves alone what gives nothing away', () => {
    for (const text of [
      '',
      'GET /customers/cus_1: the API answered 404',
      'keys begin with ora_test_ or ora_live_, ORA_TEST_ too',
      `mine is ${masked}, and ends in ${key.slice(-7)}`,
      `it holds ${key.slice(12, 19)}`,
      'ora_live_zyxwvutsrqponmlk',
      '100 % \\ & &amp; %zz &#; \\u00zz \ud800',
      'İİİİİİİİ',
    ]) {
      expect(mask(text)).toBe(text)
    }
  })

  test('counts a character that is two small letters as one', () => {
    expect(mask(`İİİ ${key} İ`)).toBe(`İİİ ${masked} İ`)
  })

  test('looks again where what it shows comes to stand before more of the key', () => {
    const secret = 'ora_test_abcd1234EFGHIJKLMNOPQRabcd'
    const hide = createMask(secret, 'ora_test_…abcd')
    expect(hide('ora_test_abcd1234EFG1234EF!')).toBe('ora_test_…ora_test_…abcd!')
    expect(hide('ora_test_abcd1234EFG1234EF1234EF!')).not.toMatch(/abcd1234/)
  })

  test('shows no eight characters of any key, whatever the text', () => {
    const percent = 'ora_test_EC*Vw"wmE6W;c3Q{[P-tDHzObh;%'
    fc.assert(
      fc.property(
        anyKey.chain((secret) => fc.tuple(fc.constant(secret), textWith(secret))),
        ([secret, text]) => {
          const once = createMask(secret, shownOf(secret))(text)
          expect(leaks(once, secret)).toBe(false)
          expect(createMask(secret, shownOf(secret))(once)).toBe(once)
        },
      ),
      {
        numRuns: 1000,
        // The end of the key and the piece that follows look like `%EC`.
        examples: [[[percent, `${percent}EC*Vw\\"wm`]]],
      },
    )
  })
})

/** All that the client lets out about a request that failed. */
function toldOf(error: unknown, client: ReturnType<typeof clientOf>): string {
  const failure = error instanceof ApiError ? error : expect.unreachable()
  const { message, stack } = failure
  const hint = hintOf(failure)
  const parts = [message, stack, hint, JSON.stringify(error), ...client.events.map(traceOf)]
  return [...parts, JSON.stringify(client.events)].join('\n')
}

describe('the key appears nowhere', () => {
  const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }
  const asks: ((client: ReturnType<typeof clientOf>, text: string) => Promise<unknown>)[] = [
    (client) => getCustomer(client, 'cus_1'),
    (client) => deleteCustomer(client, 'cus_1'),
    (client) => createCustomer(client, input),
    (client) => pages(client, {}).next(),
    (client, text) => getCustomer(client, `c${text}`),
    (client, text) => deleteCustomer(client, `c${text}`),
    (client, text) => createCustomer(client, { ...input, email: `${text}@orafi.app` }),
    (client, text) => pages(client, { cursor: text }).next(),
  ]

  test('whatever the server answers, and whatever is asked for', async () => {
    const server = await startAnswering()
    const bodies: ((text: string) => unknown)[] = [
      (text) => text,
      refusal,
      (text) => ({ success: false, message: [text, text] }),
      (text) => ({ status: 'Error', error: text }),
      (text) => success({ id: text, email: text }),
      (text) => success({ [text]: 1 }),
      (text) => success({ customers: [{ id: '' }], [text]: text }),
      (text) => success([], { hasNextPage: true, nextCursor: null, [text]: text }),
    ]
    await fc.assert(
      fc.asyncProperty(
        textWith(key),
        fc.nat(230),
        fc.constantFrom(...bodies),
        fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 409, 429, 500, 503),
        fc.constantFrom(...asks),
        async (text, before, body, status, ask) => {
          const header = encodeURIComponent(Buffer.from(text).toString())
          const headers = { location: header, 'x-request-id': header, 'retry-after': header }
          server.answersAll({ status, headers, body: body(`${'x'.repeat(before)}${text}`) })
          const client = clientOf(server.url, { retries: 1 })
          const error = await ask(client, text).then(
            () => undefined,
            (thrown: unknown) => thrown,
          )
          if (error !== undefined) expect(leaks(toldOf(error, client), key)).toBe(false)
          expect(leaks(client.events.map(traceOf).join('\n'), key)).toBe(false)
          await client.close()
        },
      ),
      { numRuns: 100 },
    )
  })

  test('cut off at the end of what is quoted', async () => {
    const server = await startAnswering()
    for (let before = 160; before <= 200; before += 2) {
      server.answersAll({ status: 400, body: refusal(`${'x'.repeat(before)}${key}${key}`) })
      const client = clientOf(server.url)
      expect(leaks(toldOf(await apiError(getCustomer(client, 'cus_1')), client), key)).toBe(false)
      await client.close()
    }
  })

  test('typed as an id, an e-mail or a cursor: not in messages, hints or events', async () => {
    const server = await startAnswering()
    server.answersAll({ status: 404, body: refusal('no such customer') })
    const client = clientOf(server.url)
    const { message } = await apiError(getCustomer(client, key))
    expect(message).toBe(
      `GET /customers/${masked}: no customer ${masked}: the API answered 404: no such customer`,
    )
    expect(client.events.map(traceOf)[0]).toBe(`debug: GET /customers/${masked}`)
    expect((await apiError(getCustomer(client, `${key}\ud800`))).message).toBe(
      `"${masked}\\ud800" cannot be sent: it holds half a character`,
    )
    server.answersAll({ status: 500 })
    const hint = hintOf(await apiError(createCustomer(client, { ...input, email: `${key}@orafi.app` })))
    expect(hint).toContain(`orafi customers find ${masked}@orafi.app`)
    await apiError(pages(clientOf(server.url, { retries: 0 }), { cursor: key }).next())
    expect(client.events.map(({ path }) => path)).not.toContain(key)
  })

  test('although it is sent as it is', async () => {
    const server = await startAnswering()
    server.answers([`GET /customers/${key}`, { body: success({ id: key }) }])
    expect(await getCustomer(clientOf(server.url), key)).toEqual({ id: key })
    expect(server.received[0]?.headers['x-api-key']).toBe(key)
  })
})
