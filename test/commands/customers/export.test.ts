import { mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { NextFault } from '../../../src/sandbox/faults.ts'
import { takeLock } from '../../../src/storage/lock.ts'
import { harmless, startApi } from '../../support/api.ts'
import { type Circumstances, orafi, temporaryFolder } from '../../support/orafi.ts'
import { answerForms, openShop, type Shop } from '../../support/shop.ts'

/** A shop that counts the pages it is asked for, and may answer one of them with something else. */
async function openCountingShop(
  customers: number,
  onPage: (page: number) => ReturnType<NextFault> = () => undefined,
) {
  const watch = { pages: 0, onPage }
  const next: NextFault = ({ target }) =>
    target.startsWith('/customers?') ? watch.onPage(++watch.pages) : undefined
  return { shop: await openShop(customers, { faults: { next } }), watch }
}

/** The page of this number answers 503. */
const failing = (at: number) => (page: number) =>
  page === at ? ({ how: 503, takesEffect: false } as const) : undefined

async function place(name: string): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder()
  return { folder, file: join(folder, name) }
}

async function contents(file: string): Promise<string> {
  const bytes = await readFile(file)
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

async function listed(shop: Shop, flags: string): Promise<string> {
  return (await orafi(`customers export ${flags}`, shop.test)).stdout
}

/** Exports to a file, stopped after so many whole pages. */
async function interrupted(file: string, pages: number, customers = 700, flags = '') {
  const { shop, watch } = await openCountingShop(customers, failing(pages + 1))
  const first = await orafi(`customers export ${file} --retries 0 ${flags}`, shop.test)
  expect(first.code).toBe(5)
  watch.pages = 0
  watch.onPage = () => undefined
  return { shop, watch, first }
}

const formats = ['csv', 'ndjson', 'json', 'csv.gz', 'ndjson.gz', 'json.gz', 'CSV'] as const

describe('orafi customers export', () => {
  test.each(formats)(
    'writes everybody to a .%s, for nobody else to read, and leaves nothing beside it',
    async (extension) => {
      const shop = await openShop(450)
      const { folder, file } = await place(`customers.${extension}`)
      const { code, stdout, stderr } = await orafi(`customers export ${file}`, shop.test)
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
      const format = extension.replace('.gz', '').toLowerCase()
      const expected = await listed(shop, `--${format}`)
      expect(await contents(file)).toBe(expected)
      const count = (await listed(shop, '--ndjson')).trimEnd().split('\n').length
      expect(count).toBeGreaterThan(200)
      expect(stderr).toMatch(
        new RegExp(
          `^${count} customers exported to ${file} in [\\d.]+ s \\(key from ORAFI_API_KEY, test, ora_test_….{4}\\)\n$`,
        ),
      )
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect(await readdir(folder)).toEqual([`customers.${extension}`])
    },
  )

  test('without FILE, or with -, prints them in the requested format', async () => {
    const shop = await openShop(450)
    const { code, stdout, stderr } = await orafi('customers export --json', shop.test)
    expect(code).toBe(0)
    const ids = JSON.parse(stdout).map(({ id }: { id: string }) => id)
    expect(stderr).toContain(`${ids.length} customers exported (`)
    const plain = await orafi('customers export - --fields id', shop.test)
    expect(plain.stdout.trimEnd().split('\n')).toEqual(ids)
  })

  test.each(answerForms)("takes list's filters, --fields and --excel-safe (%s)", async (answers) => {
    const shop = await openShop(0, { answers })
    for (const [firstname, totalSpent] of [
      ['=1+1', 600],
      ['B', 5],
    ] as const) {
      const email = `${totalSpent}@b.example`
      await shop.store.create({ firstname, lastname: 'O', email, mode: ['test'], totalSpent })
    }
    const { file } = await place('some.csv')
    const line = `customers export ${file} --excel-safe --fields email,firstname`
    const { stderr } = await orafi(`${line} --spent above500usdt --created-after 2026-03-01`, shop.test)
    expect(stderr).toMatch(/^1 customer exported/)
    expect(await contents(file)).toBe("\ufeffemail,firstname\r\n600@b.example,'=1+1\r\n")
    await orafi(`${line} --force --created-before 2026-03-01`, shop.test)
    expect(await contents(file)).toBe('\ufeffemail,firstname\r\n')
  })

  test.each([
    ['csv', 'id,firstname,lastname,email,mode,totalSpent,createdAt,updatedAt\r\n'],
    ['ndjson', ''],
    ['json', '[]\n'],
    ['json.gz', '[]\n'],
  ])('nobody at all is a whole .%s too', async (extension, text) => {
    const shop = await openShop()
    const { file } = await place(`nobody.${extension}`)
    expect((await orafi(`customers export ${file}`, shop.test)).code).toBe(0)
    expect(await contents(file)).toBe(text)
  })

  test('--json says on stdout what was written where', async () => {
    const shop = await openShop()
    await shop.store.create({ firstname: 'A', lastname: 'B', email: 'a@b.example', mode: ['test'] })
    const { file } = await place('one.ndjson')
    const { stdout } = await orafi(`customers export ${file} --json`, shop.test)
    expect(JSON.parse(stdout)).toEqual({ file, written: 1, repeated: 0, seconds: expect.any(Number) })
  })

  test('ids that come twice are written once and counted, across an interruption too', async () => {
    const server = await openRepeatingServer()
    const { file } = await place('moving.ndjson')
    server.failAt = 3
    expect((await orafi(`customers export ${file} --retries 0`, server.circumstances)).code).toBe(5)
    server.failAt = 0
    const { code, stdout, stderr } = await orafi(
      `customers export ${file} --resume --json`,
      server.circumstances,
    )
    expect(code).toBe(0)
    expect(stderr).toContain('note: 3 repeated ids were dropped: the account changed while it was read\n')
    expect(JSON.parse(stdout)).toMatchObject({ written: 6, repeated: 3 })
    expect(
      (await contents(file))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('warns when --mode asks a test key for live data', async () => {
    const shop = await openShop()
    const { file } = await place('live.csv')
    const { stderr } = await orafi(`customers export ${file} --mode live`, shop.test)
    expect(stderr).toContain('warning: this is a test key (ora_test_…')
  })
})

describe('the place of an export', () => {
  test.each([
    ['a name without a format', 'customers.xlsx', 'use .csv, .ndjson or .json, optionally with .gz'],
    ['a name that is an extension only', '.csv', 'use .csv, .ndjson or .json'],
    ['a folder that is not there', 'nowhere/customers.csv', 'there is no folder'],
    ['a folder', 'folder.csv', 'it is a folder'],
    ['a folder, as a shell completes it', 'folder.csv/', 'it is a folder'],
    ['a file in the place of a folder', 'there.csv/customers.csv', 'there is no folder'],
    ['a file that exists', 'there.csv', 'overwrite it with --force'],
    ['a link to nothing', 'broken.csv', 'it is a broken link'],
    ['a device', 'device.csv', 'it is not a regular file'],
    ['a device with --force', 'device.csv --force', 'it is not a regular file'],
  ])('%s is refused before anything is sent', async (_what, name, message) => {
    const { shop, watch } = await openCountingShop(10)
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'folder.csv'))
    await writeFile(join(folder, 'there.csv'), 'mine')
    await symlink(join(folder, 'gone.csv'), join(folder, 'broken.csv'))
    await symlink('/dev/full', join(folder, 'device.csv'))
    const before = await readdir(folder)
    const { code, stderr } = await orafi(`customers export ${join(folder, name)}`, shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(watch.pages).toBe(0)
    expect(await readdir(folder)).toEqual(before)
    expect(await contents(join(folder, 'there.csv'))).toBe('mine')
  })

  test.each(['--resume', '--force'])('%s without FILE is refused', async (flag) => {
    const { code, stderr } = await orafi(`customers export ${flag} --sandbox`)
    expect(code).toBe(2)
    expect(stderr).toContain('needs a FILE')
  })

  test('--csv beside FILE is refused: the name decides', async () => {
    const { file } = await place('customers.json')
    expect((await orafi(`customers export ${file} --csv --sandbox`)).code).toBe(2)
  })

  test('--force overwrites the old file only at the end', async () => {
    const { file } = await place('customers.json.gz')
    await writeFile(file, 'old')
    const { shop, watch } = await openCountingShop(450, failing(2))
    expect((await orafi(`customers export ${file} --force --retries 0`, shop.test)).code).toBe(5)
    expect(await readFile(file, 'utf8')).toBe('old')
    watch.onPage = () => undefined
    expect((await orafi(`customers export ${file} --force`, shop.test)).code).toBe(0)
    expect(await contents(file)).toBe(await listed(shop, '--json'))
  })

  test('a link stays a link: what it leads to is written', async () => {
    const shop = await openShop(10)
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'real'))
    await writeFile(join(folder, 'real', 'data.csv'), 'old')
    await symlink(join(folder, 'real', 'data.csv'), join(folder, 'link.csv'))
    expect((await orafi(`customers export ${join(folder, 'link.csv')} --force`, shop.test)).code).toBe(0)
    expect(await contents(join(folder, 'real', 'data.csv'))).toBe(await listed(shop, '--csv'))
    expect(await readdir(join(folder, 'real'))).toEqual(['data.csv'])
  })

  test('a file that appears meanwhile is not overwritten, and nothing is lost', async () => {
    const { folder, file } = await place('customers.ndjson')
    const { shop, watch } = await openCountingShop(450, () => void writeFile(file, 'theirs'))
    const refused = await orafi(`customers export ${file}`, shop.test)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(
      `hint: move that file away; then continue with: orafi customers export ${file} --resume\n`,
    )
    expect(await contents(file)).toBe('theirs')
    watch.pages = 0
    expect((await orafi(`customers export ${file} --resume --force`, shop.test)).code).toBe(0)
    // Everything was read before.
    expect(watch.pages).toBe(0)
    watch.onPage = () => undefined
    expect(await contents(file)).toBe(await listed(shop, '--ndjson'))
    expect(await readdir(folder)).toEqual(['customers.ndjson'])
  })

  test('two exports to one file at once: the second is refused, naming the first', async () => {
    const { shop, watch } = await openCountingShop(10)
    const { file } = await place('customers.csv')
    const owner = { pid: process.pid, host: 'shop-desk', user: 'bola' }
    const lock = await takeLock(`${file}.part.lock`, { owner, what: 'orafi customers export', now: () => 0 })
    const second = await orafi(`customers export ${file}`, shop.test)
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('orafi customers export is running')
    expect(watch.pages).toBe(0)
    await lock.release()
    expect((await orafi(`customers export ${file}`, shop.test)).code).toBe(0)
  })

  test('something else at the place of the part is left alone, --force or not', async () => {
    const { shop, watch } = await openCountingShop(10)
    const { file } = await place('customers.csv')
    await writeFile(`${file}.part`, 'a download of a browser')
    const { code, stderr } = await orafi(`customers export ${file} --force`, shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain(`${file}.part already exists, and is not an interrupted export`)
    expect(await readFile(`${file}.part`, 'utf8')).toBe('a download of a browser')
    expect(watch.pages).toBe(0)
  })
})

describe('an interrupted export', () => {
  test.each(formats)('to a .%s continues from its last complete page with --resume', async (extension) => {
    const { folder, file } = await place(`customers.${extension}`)
    const { shop, watch, first } = await interrupted(file, 2)
    expect(first.stderr).toContain(`continue with: orafi customers export ${file} --retries 0 --resume\n`)
    expect((await readdir(folder)).sort()).toEqual([
      `customers.${extension}.part`,
      `customers.${extension}.part.log`,
    ])
    for (const name of await readdir(folder))
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    expect((await orafi(`customers export ${file} --resume`, shop.test)).code).toBe(0)
    const asked = watch.pages
    const expected = await listed(shop, `--${extension.replace('.gz', '').toLowerCase()}`)
    expect(await contents(file)).toBe(expected)
    expect(asked).toBe(watch.pages - asked - 2)
    expect(await readdir(folder)).toEqual([`customers.${extension}`])
  })

  test('with a page that failed says with --json what to type, too', async () => {
    const { file } = await place('customers.csv')
    const { first } = await interrupted(file, 1, 450, '--json')
    expect(JSON.parse(first.stderr.trimEnd().split('\n').at(-1) ?? '').error).toMatchObject({
      code: 'unavailable',
      status: 503,
      hint: expect.stringContaining(
        `continue with: orafi customers export ${file} --retries 0 --json --resume`,
      ),
    })
    expect(first.stdout).toBe('')
  })

  test('by Ctrl-C keeps its pages, exits 130 and says how to continue', async () => {
    const { file } = await place('my customers.json')
    const { shop } = await openCountingShop(700)
    const onOutput: Circumstances['onOutput'] = ({ stderr }, interrupt) => {
      if (stderr.includes('GET /customers?limit=100&cursor=')) interrupt()
    }
    const stopped = await orafi(['customers', 'export', file, '--debug'], { ...shop.test, onOutput })
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toContain(
      `hint: continue with: orafi customers export '${file}' --debug --resume\n`,
    )
    expect(stopped.stderr).toMatch(/^(100|200) customers are written so far \(key from/m)
    const piped = await orafi('customers export --debug', { ...shop.test, onOutput })
    expect(piped.stderr).toMatch(/^\d+ customers were written; only an export to a file can be resumed$/m)
    expect((await orafi(['customers', 'export', file, '--resume'], shop.test)).code).toBe(0)
    expect(await contents(file)).toBe(await listed(shop, '--json'))
  })

  test('continues correctly wherever a crash truncated its part or its log', async () => {
    const { file } = await place('customers.json')
    const { shop, watch } = await interrupted(file, 4, 1200)
    const [part, log] = [await readFile(`${file}.part`), await readFile(`${file}.part.log`)]
    const expected = await listed(shop, '--json')
    watch.pages = 0
    for (let cut = 0; cut < 24; cut++) {
      const [torn, whole] = cut % 2 === 0 ? [part, log] : [log, part]
      const header = cut % 2 === 0 ? 0 : log.indexOf('\n') + 1
      await writeFile(`${file}.part`, part, { mode: 0o600 })
      await writeFile(`${file}.part.log`, log, { mode: 0o600 })
      const length = header + Math.floor(((torn.length - header) * (cut * 37 + 11)) / (24 * 37 + 11))
      await truncate(torn === part ? `${file}.part` : `${file}.part.log`, length)
      expect(whole.length).toBeGreaterThan(0)
      expect((await orafi(`customers export ${file} --resume`, shop.test)).code).toBe(0)
      expect(await contents(file)).toBe(expected)
      await rm(file)
    }
  })

  test('after a crash before its first complete page starts over, and counts from zero', async () => {
    const { file } = await place('customers.json')
    const { shop } = await interrupted(file, 1, 300)
    const [header = ''] = (await readFile(`${file}.part.log`, 'utf8')).split('\n')
    await truncate(`${file}.part`, 0)
    await truncate(`${file}.part.log`, header.length + 1)
    const { stdout } = await orafi(`customers export ${file} --resume --json`, shop.test)
    const expected = await listed(shop, '--json')
    expect(await contents(file)).toBe(expected)
    expect(JSON.parse(stdout)).toMatchObject({ written: JSON.parse(expected).length, repeated: 0 })
  })

  test('is stored in a format that later versions can resume', async () => {
    const { file } = await place('customers.csv')
    const { shop } = await interrupted(file, 1, 300, '--mode test')
    const [header = '', page = ''] = (await readFile(`${file}.part.log`, 'utf8')).split('\n')
    expect(JSON.parse(header)).toEqual({
      v: 1,
      type: 'export',
      settings: { identity: `${shop.url} test env`, key: expect.any(String), format: 'csv', mode: 'test' },
    })
    expect(JSON.parse(page)).toEqual({
      size: (await stat(`${file}.part`)).size,
      crc: expect.any(Number),
      page: { cursor: expect.any(String), written: 100, repeated: 0, ids: expect.any(Array) },
    })
  })

  test.each([
    'null',
    '7',
    '"export"',
    '[]',
    '{}',
    '{"v":2,"type":"export","settings":{}}',
    '{"v":1,"type":"import","settings":{}}',
    '{"v":1,"type":"export","settings":null}',
    '{"v":1,"type":"export"}',
    '{"v":1,',
  ])('whose log begins with %s is not resumed, and says so', async (header) => {
    const { shop, watch } = await openCountingShop(10)
    const { file } = await place('customers.csv')
    await writeFile(`${file}.part.log`, `${header}\n`)
    const { code, stderr } = await orafi(`customers export ${file} --resume`, shop.test)
    expect(stderr).toContain('the interrupted export is damaged, or was written by another version')
    expect(stderr).toContain('hint: start over with --force')
    expect([code, watch.pages]).toEqual([2, 0])
  })

  test('continues from the page before one with an invalid log entry', async () => {
    const { file } = await place('customers.ndjson')
    const { shop, watch } = await interrupted(file, 2)
    const [part, log] = [await readFile(`${file}.part`), await readFile(`${file}.part.log`, 'utf8')]
    const [header, first, second = ''] = log.split('\n')
    const { page, ...rest } = JSON.parse(second)
    const expected = await listed(shop, '--ndjson')
    for (const odd of [
      null,
      7,
      'page',
      [],
      { ...page, cursor: 7 },
      { ...page, written: '200' },
      { ...page, repeated: 0.5 },
      { ...page, ids: 'c_1' },
      { ...page, ids: [...page.ids, 7] },
    ]) {
      await writeFile(`${file}.part`, part, { mode: 0o600 })
      await writeFile(`${file}.part.log`, `${header}\n${first}\n${JSON.stringify({ ...rest, page: odd })}\n`)
      watch.pages = 0
      const { stdout } = await orafi(`customers export ${file} --resume --json`, shop.test)
      expect([odd, watch.pages]).toEqual([odd, 3])
      expect(JSON.parse(stdout)).toMatchObject({
        written: expected.trimEnd().split('\n').length,
        repeated: 0,
      })
      expect(await contents(file)).toBe(expected)
      await rm(file)
    }
  })

  test('a page whose bytes are not those that were written is asked for again', async () => {
    const { file } = await place('customers.ndjson')
    const { shop } = await interrupted(file, 3)
    const part = await readFile(`${file}.part`)
    // As a power cut may leave it: as long as it should be, but zeros.
    part.fill(0, part.length - 5000)
    await writeFile(`${file}.part`, part)
    expect((await orafi(`customers export ${file} --resume`, shop.test)).code).toBe(0)
    expect(await contents(file)).toBe(await listed(shop, '--ndjson'))
  })

  test('is not overwritten by another one that says neither --resume nor --force', async () => {
    const { file } = await place('customers.csv')
    const { shop, watch } = await interrupted(file, 2)
    const part = await readFile(`${file}.part`)
    const { code, stderr } = await orafi(`customers export ${file}`, shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain('continue it (--resume), or discard it and start over (--force)')
    expect(watch.pages).toBe(0)
    expect(await readFile(`${file}.part`)).toEqual(part)
    expect((await orafi(`customers export ${file} --force`, shop.test)).code).toBe(0)
    const afresh = watch.pages
    expect(await contents(file)).toBe(await listed(shop, '--csv'))
    expect(watch.pages).toBe(afresh * 2)
  })

  test('before its first whole page leaves nothing', async () => {
    const { folder, file } = await place('customers.csv')
    const { first } = await interrupted(file, 0)
    expect(first.stderr).not.toContain('--resume')
    expect(await readdir(folder)).toEqual([])
  })

  test('that was never started cannot be resumed', async () => {
    const shop = await openShop(10)
    const { folder, file } = await place('customers.csv')
    const { code, stderr } = await orafi(`customers export ${file} --resume`, shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain('nothing to resume')
    expect(await readdir(folder)).toEqual([])
  })

  test.each([
    ['', '--mode test', 'without --mode, this one is with --mode test'],
    ['--mode test', '', 'with --mode test, this one is without --mode'],
    ['', '--spent BELOW10USDT', 'without --spent, this one is with --spent BELOW10USDT'],
    [
      '--created-after 2020-01-01',
      '--created-after 2020-01-02',
      'with --created-after 2020-01-01T00:00:00.000Z',
    ],
    ['--created-before 2030-01-01', '', 'this one is without --created-before'],
    ['--fields id,email', '--fields email,id', 'with --fields id,email, this one is with --fields email,id'],
    ['', '--excel-safe', 'without --excel-safe, this one is with --excel-safe'],
    ['--delimiter ;', '', 'with --delimiter ;, this one is without --delimiter'],
    ['--delimiter ;', '--delimiter tab', 'with --delimiter ;, this one is with --delimiter tab'],
  ])('with %j is not resumed with %j', async (before, after, message) => {
    const { file } = await place('customers.csv')
    const { shop, watch } = await interrupted(file, 2, 700, before)
    const part = await readFile(`${file}.part`)
    const { code, stderr } = await orafi(`customers export ${file} --resume ${after}`, shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(watch.pages).toBe(0)
    expect(await readFile(`${file}.part`)).toEqual(part)
    expect((await orafi(`customers export ${file} --resume ${before}`, shop.test)).code).toBe(0)
  })

  test.each(['csv', 'csv.gz'])(
    'for Excel with a delimiter continues as it began (.%s)',
    async (extension) => {
      const { file } = await place(`customers.${extension}`)
      const flags = '--excel-safe --delimiter ; --fields firstname,email,mode'
      const { shop } = await interrupted(file, 2, 700, flags)
      expect((await orafi(`customers export ${file} --resume ${flags}`, shop.test)).code).toBe(0)
      const text = await contents(file)
      expect(text).toMatch(/^\ufefffirstname;email;mode\r\n/)
      expect(text.match(/\ufeff/g)).toHaveLength(1)
      expect(text).toBe(await listed(shop, `--csv ${flags}`))
    },
  )

  test('--delimiter is refused where the name is not that of a CSV', async () => {
    const { folder, file } = await place('customers.json')
    const { code, stderr } = await orafi(`customers export ${file} --delimiter ; --sandbox`)
    expect([code, stderr]).toEqual([2, expect.stringContaining('--delimiter is only for CSV')])
    expect(await readdir(folder)).toEqual([])
  })

  test('of one account is not resumed with the key of another', async () => {
    const { file } = await place('customers.csv')
    const { shop } = await interrupted(file, 2)
    const live = await orafi(`customers export ${file} --resume`, shop.live)
    expect(live.code).toBe(2)
    expect(live.stderr).toContain('with identity')
    const other = await orafi(`customers export ${file} --resume`, {
      ...shop.test,
      key: `ora_test_${'x'.repeat(30)}`,
    })
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('with another key')
  })

  test.each([400, 404, 409, 410, 422])(
    'whose cursor is no longer valid (%i) says how to start over',
    async (how) => {
      const { file } = await place('customers.csv')
      const { shop, watch } = await interrupted(file, 1, 300)
      watch.onPage = () => ({ how, takesEffect: false })
      const { code, stderr } = await orafi(`customers export ${file} --resume`, shop.test)
      expect(code).toBe(1)
      expect(stderr).toContain(`start over with: orafi customers export ${file} --force\n`)
    },
  )

  test('continues from a later page that was refused', async () => {
    const { file } = await place('customers.csv')
    const { shop, watch } = await interrupted(file, 1)
    watch.onPage = (page) => (page > 1 ? { how: 400, takesEffect: false } : undefined)
    const { stderr } = await orafi(`customers export ${file} --resume`, shop.test)
    expect(stderr).toContain(`continue with: orafi customers export ${file} --resume\n`)
    expect(stderr).not.toContain('--force')
  })

  test('is interrupted again after one page more, and keeps both', async () => {
    const { file } = await place('customers.ndjson')
    const { shop, watch } = await interrupted(file, 1)
    watch.onPage = failing(2)
    const again = await orafi(`customers export ${file} --resume --retries 0`, shop.test)
    expect(again.stderr).toContain('continue with: ')
    expect((await readFile(`${file}.part.log`, 'utf8')).trimEnd().split('\n')).toHaveLength(1 + 2)
    watch.onPage = () => undefined
    expect((await orafi(`customers export ${file} --resume`, shop.test)).code).toBe(0)
    expect(await contents(file)).toBe(await listed(shop, '--ndjson'))
  })

  test('is complete JSON, even if nothing matched before it stopped', async () => {
    const old = Array.from({ length: 100 }, (_, index) => harmless(`c_${index}`))
    const createdAt = '2026-02-02T00:00:00.000Z'
    const api = await startApi([...old, harmless('n_1', { createdAt }), harmless('n_2', { createdAt })])
    const { file } = await place('customers.json')
    const line = `customers export ${file} --created-after 2026-02-01`
    api.instead = ({ query }) => (query.get('cursor') === null ? undefined : { status: 503 })
    expect((await orafi(`${line} --retries 0`, api.test)).code).toBe(5)
    api.instead = () => undefined
    expect((await orafi(`${line} --resume`, api.test)).code).toBe(0)
    expect(JSON.parse(await contents(file)).map(({ id }: { id: string }) => id)).toEqual(['n_1', 'n_2'])
  })
})

/** Three pages, of which each begins with a customer of the one before, and the last with two. */
async function openRepeatingServer(): Promise<{ circumstances: Circumstances; failAt: number }> {
  const pages = [
    ['a', 'b', 'c'],
    ['c', 'd', 'e'],
    ['a', 'e', 'f'],
  ]
  const state = { circumstances: {}, failAt: 0 }
  const server = createServer((request, response) => {
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('cursor') ?? 0)
    if (page + 1 === state.failAt) return response.writeHead(503).end('{"success":false,"message":"closed"}')
    const more = page + 1 < pages.length
    const data = pages[page]?.map((id) => ({ id }))
    const nextCursor = more ? String(page + 1) : null
    return response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ success: true, message: 'ok', data, hasNextPage: more, nextCursor }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  state.circumstances = { url: `http://127.0.0.1:${port}`, key: `ora_test_${'k'.repeat(30)}` }
  return state
}
