import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineAt, type WholeLine, wholeLines } from '../../src/storage/lines.ts'
import { temporaryFolder } from './folder.ts'

async function read(path: string, size: number): Promise<{ lines: WholeLine[]; found: string[] }> {
  const file = await open(path, 'r')
  try {
    const lines: WholeLine[] = []
    for await (const block of wholeLines(file, size)) lines.push(...block)
    const lineAt = createLineAt(file)
    const found: string[] = []
    for (const { start } of lines) found.push(await lineAt(start))
    return { lines, found }
  } finally {
    await file.close()
  }
}

test('whole lines come out whole, however the reads cut them, and are found again by where they begin', async () => {
  const path = join(temporaryFolder(), 'text')
  const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\n', ' '))
  await fc.assert(
    fc.asyncProperty(fc.array(line), line, fc.integer({ min: 1, max: 64 }), async (texts, torn, size) => {
      writeFileSync(path, texts.map((text) => `${text}\n`).join('') + torn)
      const { lines, found } = await read(path, size)
      expect(lines.map(({ text }) => text)).toEqual(texts)
      expect(lines.map(({ number }) => number)).toEqual(texts.map((_, index) => index + 1))
      expect(found).toEqual(texts)
    }),
  )
})

test('a line of megabytes is found again, and so are its neighbours', async () => {
  const path = join(temporaryFolder(), 'text')
  const texts = ['a', 'é'.repeat(1_500_000), 'b']
  writeFileSync(path, `${texts.join('\n')}\n`)
  expect((await read(path, 256 * 1024)).found).toEqual(texts)
})

test('bytes that are no UTF-8 leave their line without a text, and no other', async () => {
  const path = join(temporaryFolder(), 'text')
  writeFileSync(path, Buffer.concat([Buffer.from('é\n'), Buffer.from([0xc3, 0x0a]), Buffer.from('b\n')]))
  expect((await read(path, 1024)).lines.map(({ text }) => text)).toEqual(['é', undefined, 'b'])
})
