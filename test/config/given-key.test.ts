import { expect, test } from 'vitest'
import { modeOfGivenKey, readKey } from '../../src/config/keys.ts'

const key = `ora_test_${'t'.repeat(30)}1111`

async function* pieces(...texts: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* texts
}

test.each([
  [`${key}`],
  [`${key}\n`],
  [`${key}\r\n`],
  [`\ufeff${key}\n`],
  [`${key}\n\n`],
  [`\n \r\n${key}\n`],
  [`"${key}"\n`],
  [`ORAFI_API_KEY=${key}\n`],
  [`export ORAFI_API_KEY='${key}'\n`],
])('%j holds one key', async (text) => {
  expect(await readKey(pieces(text))).toBe(key)
  const bytes = Buffer.from(text)
  expect(await readKey(pieces(bytes.subarray(0, 1), bytes.subarray(1)))).toBe(key)
})

test.each([
  ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${key}\r\n`, 'utf16le')],
  ['UTF-16 without', Buffer.from(`${key}\r\n`, 'utf16le')],
  ['big-endian UTF-16 with a byte order mark', Buffer.from(`\ufeff\n${key}`, 'utf16le').swap16()],
  ['big-endian UTF-16 without', Buffer.from(`${key}\n`, 'utf16le').swap16()],
])('a file in %s holds a key', async (_name, bytes) => {
  expect(await readKey(pieces(bytes))).toBe(key)
})

test.each([
  ['', 'has no key'],
  ['\n', 'has no key'],
  [`${key}\n${key}\n`, 'more than one line'],
  [`\n${key}\n\n${key}`, 'more than one line'],
])('%j is refused, and not repeated', async (text, why) => {
  const error = await readKey(pieces(text)).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(why) })
  expect(String(error)).not.toContain(key)
})

test('an endless pipe is not read to its end', async () => {
  let taken = 0
  async function* endless(): AsyncGenerator<string> {
    for (; taken < 10_000; taken++) yield 'x'.repeat(1000)
  }
  await expect(readKey(endless())).rejects.toThrow('stdin has more than a key')
  expect(taken).toBeLessThan(10)
})

test('white space in a key is reported, not removed', async () => {
  expect(modeOfGivenKey(key, undefined)).toBe('test')
  const torn = await readKey(pieces(`ora_test_ ${key}`))
  expect(() => modeOfGivenKey(torn, undefined)).toThrow(expect.objectContaining({ code: 'usage' }))
})
