import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { NextFault } from '../../../src/sandbox/faults.ts'
import { createClock } from '../../support/clock.ts'
import { type Circumstances, orafi, temporaryFolder, testTime } from '../../support/orafi.ts'
import { openShop, type Shop } from '../../support/shop.ts'

const header = 'First Name,last_name,E-Mail'

function csvOf(count: number, from = 0): string {
  const rows = Array.from({ length: count }, (_, index) => `N${from + index},Obi,n${from + index}@x.example`)
  return `${[header, ...rows].join('\n')}\n`
}

async function fileOf(text: string, name = 'people.csv'): Promise<string> {
  const file = join(await temporaryFolder(), name)
  await writeFile(file, text)
  return file
}

/** Every e-mail in the account, sorted. */
async function emails(shop: Shop): Promise<string[]> {
  const { stdout } = await orafi('customers list --all --fields email', { url: shop.url, key: shop.test.key })
  return stdout.split('\n').filter(Boolean).sort()
}

const expected = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `n${index}@x.example`).sort()

/** Faults for the creates, by their number from 0; everything else goes well. */
function onCreates(fault: (create: number) => ReturnType<NextFault>): NextFault {
  let create = 0
  return ({ method }) => (method === 'POST' ? fault(create++) : undefined)
}

describe('orafi customers import', () => {
  test.each([
    [
      'CSV with a BOM, CRLF, quoted line breaks and other columns',
      'a.csv',
      '',
      '\uFEFFnote,First Name,LASTNAME,e-mail\r\n"a\r\nb","A ""a""",Obi,a@x.example\r\n,B,Ba,b@x.example\r\n',
    ],
    ['semicolons', 'a.csv', '--delimiter ;', 'firstname;lastname;email\nA;O;a@x.example\nB;O;b@x.example\n'],
    [
      'NDJSON',
      'a.ndjson',
      '',
      '{"firstname":"A","lastname":"O","email":"a@x.example"}\n{"firstname":"B","lastname":"O","email":"b@x.example"}\n',
    ],
    [
      'a JSON array',
      'a.json',
      '',
      '[{"firstname":"A","lastname":"O","email":"a@x.example"},{"firstname":"B","lastname":"O","email":"b@x.example"}]',
    ],
  ])('reads %s', async (_what, name, flags, text) => {
    const shop = await openShop()
    expect((await orafi(`customers import ${await fileOf(text, name)} ${flags}`, shop.test)).code).toBe(0)
    expect(await emails(shop)).toEqual(['a@x.example', 'b@x.example'])
  })

  test('makes everybody in the file, says so, and prints counts as JSON', async () => {
    const shop = await openShop()
    const { code, stdout, stderr } = await orafi(
      `customers import ${await fileOf(csvOf(300))} --json`,
      shop.test,
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      run: expect.stringMatching(/^\d{8}-\d{6}-/),
      created: 300,
      skipped: 0,
      repeated: 0,
      rejected: 0,
      undecided: 0,
      notSent: 0,
      seconds: expect.any(Number),
      profile: 'env',
      mode: 'test',
      key: expect.stringMatching(/^ora_test_…....$/),
    })
    expect(stderr).toContain('300 created in ')
    expect(await emails(shop)).toEqual(expected(300))
  })

  test('prints nothing into a pipe without --json', async () => {
    const shop = await openShop()
    expect((await orafi(`customers import ${await fileOf(csvOf(2))}`, shop.test)).stdout).toBe('')
  })

  test('importing again changes nothing, also elsewhere and with the state folder gone', async () => {
    const shop = await openShop()
    const file = await fileOf(csvOf(50))
    await orafi(`customers import ${file}`, shop.test)
    const { code, stdout } = await orafi(`customers import ${file} --json`, shop.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ run: null, created: 0, skipped: 50 })
    expect(shop.store.count).toBe(50)
  })

  test('skips existing customers, by e-mail in any case', async () => {
    const shop = await openShop()
    await shop.store.create({ firstname: 'X', lastname: 'Y', email: 'N1@X.example', mode: ['test'] })
    const { stdout } = await orafi(`customers import ${await fileOf(csvOf(3))} --json`, shop.test)
    expect(JSON.parse(stdout)).toMatchObject({ created: 2, skipped: 1 })
  })

  test('--allow-existing sends them too, except those that an earlier import created', async () => {
    const shop = await openShop()
    const home = await temporaryFolder()
    await shop.store.create({ firstname: 'X', lastname: 'Y', email: 'n1@x.example', mode: ['test'] })
    const file = await fileOf(csvOf(3))
    const first = await orafi(`customers import ${file} --allow-existing --json`, { ...shop.test, home })
    expect(JSON.parse(first.stdout)).toMatchObject({ created: 3, skipped: 0 })
    const second = await orafi(`customers import ${file} --allow-existing --json`, { ...shop.test, home })
    expect(JSON.parse(second.stdout)).toMatchObject({ created: 0, skipped: 3 })
    expect(shop.store.count).toBe(4)
  })

  test('--allow-existing sends again what an earlier import sent and the API refused', async () => {
    let refusing = true
    const next = onCreates((create) =>
      refusing && create === 1 ? { how: 400, takesEffect: false } : undefined,
    )
    const shop = await openShop(0, { faults: { next } })
    const home = await temporaryFolder()
    const line = `customers import ${await fileOf(csvOf(3))} --allow-existing --json`
    const first = await orafi(line, { ...shop.test, home })
    expect(JSON.parse(first.stdout)).toMatchObject({ created: 2, rejected: 1 })
    refusing = false
    const second = await orafi(line, { ...shop.test, home })
    expect(JSON.parse(second.stdout)).toMatchObject({ created: 1, skipped: 2 })
  })

  test('one bad row stops it before anything is sent, and all bad rows are listed', async () => {
    const shop = await openShop()
    const file = await fileOf(`${csvOf(2)}A,,a@x.example\nB,Obi,nobody\nC,Obi,N0@X.example\n`)
    const { code, stderr } = await orafi(`customers import ${file}`, shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain('line 4: lastname is empty')
    expect(stderr).toContain("line 5: email is not an e-mail address: 'nobody'")
    expect(stderr).toContain('line 2: has the e-mail of line 6, but another name')
    expect(stderr).toContain('line 6: has the e-mail of line 2, but another name')
    expect(stderr).toContain('4 of 5 rows are invalid; nothing was sent')
    expect(shop.store.count).toBe(0)
  })

  test('of many bad or repeated rows the first hundred are listed, and the number of the others', async () => {
    const shop = await openShop()
    const bad = 'B,Obi,nobody\n'.repeat(1150)
    const repeated = 'N0,Obi,n0@x.example\n'.repeat(101)
    const file = await fileOf(csvOf(1) + repeated + bad)
    const { code, stderr } = await orafi(`customers import ${file} --dry-run`, shop.test)
    expect(code).toBe(2)
    const lines = stderr.split('\n')
    expect(lines.filter((line) => line.includes('not an e-mail'))).toHaveLength(100)
    expect(lines.filter((line) => line.includes('repeats'))).toHaveLength(100)
    expect(stderr).toContain('line 203: email is not')
    expect(stderr).not.toContain('line 204: email is not')
    expect(lines).toContain(
      'and 1,050 more invalid rows; for all of them: --dry-run --skip-invalid --rejects FILE',
    )
    expect(lines).toContain('and 1 more repeated row')
  })

  test('--skip-invalid continues without them, and --rejects can be fixed and imported again', async () => {
    const shop = await openShop()
    const file = await fileOf(`${csvOf(2)}B,Obi,nobody\n`)
    const rejects = join(await temporaryFolder(), 'rejects.csv')
    const { code } = await orafi(`customers import ${file} --skip-invalid --rejects ${rejects}`, shop.test)
    expect(code).toBe(6)
    const text = await readFile(rejects, 'utf8')
    expect(text).toContain(`${header},error`)
    expect((await stat(rejects)).mode & 0o777).toBe(0o600)
    await writeFile(rejects, text.replace('nobody', 'n2@x.example'))
    const again = await orafi(`customers import ${rejects} --json`, shop.test)
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout).created).toBe(1)
    expect(await emails(shop)).toEqual(expected(3))
  })

  test('--rejects never overwrites the file that is imported, whatever it is called and with --force', async () => {
    const shop = await openShop()
    const text = `${csvOf(2)}B,Obi,nobody\n`
    const file = await fileOf(text)
    const link = join(await temporaryFolder(), 'link.csv')
    await symlink(file, link)
    for (const [read, rejects] of [
      [file, file],
      [file, link],
      [link, file.replace('people.csv', './people.csv')],
    ]) {
      for (const force of ['', '--force']) {
        const line = `customers import ${read} --skip-invalid --rejects ${rejects} ${force}`
        const { code, stderr } = await orafi(line, shop.test)
        expect(code).toBe(2)
        expect(stderr).toContain(`cannot write the rejects to ${rejects}: it is the input file`)
      }
    }
    expect(await readFile(file, 'utf8')).toBe(text)
    expect(shop.store.count).toBe(0)
  })

  test('--rejects --force overwrites any other file', async () => {
    const shop = await openShop()
    const file = await fileOf(`${csvOf(2)}B,Obi,nobody\n`)
    const rejects = await fileOf('of the last time', 'rejects.csv')
    const line = `customers import ${file} --skip-invalid --rejects ${rejects}`
    expect((await orafi(line, shop.test)).code).toBe(2)
    expect((await orafi(`${line} --force`, shop.test)).code).toBe(6)
    expect(await readFile(rejects, 'utf8')).toContain('B,Obi,nobody,')
  })

  test('--dry-run does everything but send', async () => {
    const shop = await openShop()
    await shop.store.create({ firstname: 'X', lastname: 'Y', email: 'n1@x.example', mode: ['test'] })
    const { code, stdout, stderr } = await orafi(
      `customers import ${await fileOf(csvOf(3))} --dry-run --json`,
      shop.test,
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ run: null, created: 2, skipped: 1 })
    expect(stderr).toContain('2 would be created')
    expect(shop.store.count).toBe(1)
  })

  test('reads standard input, and leaves nothing of it behind', async () => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const { code } = await orafi('customers import -', { ...shop.test, home, stdin: csvOf(30) })
    expect(code).toBe(0)
    expect(await emails(shop)).toEqual(expected(30))
    expect(await readdir(join(home, 'state', 'spool'))).toEqual([])
  })

  test('--map names the columns', async () => {
    const shop = await openShop()
    const file = await fileOf('Ime,Prezime,Posta\nA,O,a@x.example\n')
    expect((await orafi(`customers import ${file}`, shop.test)).code).toBe(2)
    const mapped = `customers import ${file} --map firstname=Ime,lastname=Prezime,email=Posta`
    expect((await orafi(mapped, shop.test)).code).toBe(0)
    expect(shop.store.count).toBe(1)
  })

  test.each([
    ['is not there', undefined, '/nowhere/people.csv'],
    ['is empty', '', undefined],
    ['is binary', '\u0000\u0001\u0002', undefined],
    ['has a column twice', 'email,E-Mail,firstname,lastname\na@x.example,b@x.example,A,B\n', undefined],
    ['lacks a column', 'email,firstname\na@x.example,A\n', undefined],
  ])('a file that %s is exit 2 and nothing is sent', async (_what, text, path) => {
    const shop = await openShop()
    const { code, stderr } = await orafi(`customers import ${path ?? (await fileOf(text ?? ''))}`, shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain('error: ')
    expect(shop.store.count).toBe(0)
  })
})

describe('an import with a live key', () => {
  test('prompts from eleven rows on, and the number has to be typed', async () => {
    const shop = await openShop()
    const file = await fileOf(csvOf(11))
    const line = `customers import ${file}`
    expect((await orafi(line, { ...shop.live, tty: true, stdin: 'y\n' })).code).toBe(7)
    expect((await orafi(line, { ...shop.live, tty: true, stdin: '11\n' })).code).toBe(0)
    expect(shop.store.count).toBe(11)
  })

  test('does not ask for ten', async () => {
    const shop = await openShop()
    expect(
      (await orafi(`customers import ${await fileOf(csvOf(10))}`, { ...shop.live, tty: true })).code,
    ).toBe(0)
  })

  test('without a prompt needs --yes and --live', async () => {
    const shop = await openShop()
    const line = `customers import ${await fileOf(csvOf(11))}`
    expect((await orafi(line, shop.live)).code).toBe(2)
    expect((await orafi(`${line} --yes`, shop.live)).code).toBe(2)
    expect(shop.store.count).toBe(0)
    expect((await orafi(`${line} --yes --live`, shop.live)).code).toBe(0)
    expect(shop.store.count).toBe(11)
  })
})

describe('each row once', () => {
  test('whose answer was lost is looked for, and sent again only when it did not arrive', async () => {
    const next = onCreates((create) =>
      create % 3 === 1 ? { how: 'drop', takesEffect: create % 2 === 0 } : undefined,
    )
    const shop = await openShop(0, { faults: { next } })
    const { code, stdout } = await orafi(`customers import ${await fileOf(csvOf(60))} --json`, shop.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ created: 60, undecided: 0 })
    expect(await emails(shop)).toEqual(expected(60))
  })

  test('is looked for no sooner than one --timeout after it was given up, twice before it is sent again', async () => {
    const next = onCreates((create) => (create === 0 ? { how: 'drop', takesEffect: false } : undefined))
    const shop = await openShop(0, { faults: { next } })
    const line = `customers import ${await fileOf(csvOf(1))} --timeout 7`
    const clock = createClock(testTime, { stands: true })
    const { slept } = await orafi(line, { ...shop.test, clock })
    expect(slept.filter((ms) => ms > 1000)).toEqual([7000, 7000])
    expect(shop.store.count).toBe(1)
  })

  test('with --allow-existing an e-mail proves nothing: what was lost stays undecided, exit 6', async () => {
    const next = onCreates((create) => (create === 0 ? { how: 'drop', takesEffect: true } : undefined))
    const shop = await openShop(0, { faults: { next } })
    const line = `customers import ${await fileOf(csvOf(3))} --allow-existing --json`
    const home = await temporaryFolder()
    const first = await orafi(line, { ...shop.test, home })
    expect(first.code).toBe(6)
    expect(JSON.parse(first.stdout)).toMatchObject({ created: 2, undecided: 1 })
    const second = await orafi(line, { ...shop.test, home })
    expect(JSON.parse(second.stdout)).toMatchObject({ created: 0, skipped: 2, undecided: 1 })
    expect(shop.store.count).toBe(3)
  })

  test('a 409 says that the person is there', async () => {
    const next = onCreates((create) => (create === 1 ? { how: 409, takesEffect: false } : undefined))
    const shop = await openShop(0, { faults: { next } })
    const { code, stdout } = await orafi(`customers import ${await fileOf(csvOf(3))} --json`, shop.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ created: 2, skipped: 1 })
  })

  test('what the API refuses is rejected with its words, exit 6', async () => {
    const next = onCreates((create) => (create === 1 ? { how: 400, takesEffect: false } : undefined))
    const shop = await openShop(0, { faults: { next } })
    const rejects = join(await temporaryFolder(), 'rejects.csv')
    const line = `customers import ${await fileOf(csvOf(3))} --json --rejects ${rejects} --concurrency 1`
    const { code, stdout } = await orafi(line, shop.test)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({ created: 2, rejected: 1 })
    expect((await readFile(rejects, 'utf8')).split('\n')[1]).toContain('N1,Obi,n1@x.example,')
  })

  test('rejects that cannot be written are reported at the end, after the report of what was created', async () => {
    const next = onCreates((create) => (create > 0 ? { how: 400, takesEffect: false } : undefined))
    const shop = await openShop(0, { faults: { next } })
    const home = await temporaryFolder()
    await mkdir(join(home, 'state'))
    await writeFile(join(home, 'state', 'spool'), 'a file where the folder should be')
    // Long enough that they are written down while rows are still being sent.
    const rows = Array.from({ length: 60 }, (_, index) => `${'N'.repeat(3000)},Obi,n${index}@x.example`)
    const file = await fileOf(`${[header, ...rows].join('\n')}\n`)
    const rejects = join(home, 'rejects.csv')
    const line = `customers import ${file} --rejects ${rejects} --concurrency 1`
    const { code, stderr } = await orafi(line, { ...shop.test, home })
    expect(code).toBe(1)
    expect(stderr).toContain('spool')
    expect(shop.store.count).toBe(1)
  })

  test.each([401, 403])(
    '%i stops it with exit 4, rejects nothing, and importing again sends the rest',
    async (status) => {
      let refusing = true
      const next = onCreates((create) =>
        refusing && create >= 10 ? { how: status, takesEffect: false } : undefined,
      )
      const shop = await openShop(0, { faults: { next } })
      const home = await temporaryFolder()
      const file = await fileOf(csvOf(40))
      const rejects = join(await temporaryFolder(), 'rejects.csv')
      const { code, stdout, stderr } = await orafi(`customers import ${file} --json --rejects ${rejects}`, {
        ...shop.test,
        home,
      })
      expect(code).toBe(4)
      // A key of the environment would not be replaced by signing in.
      expect(stderr).toContain('with a key that works')
      expect(stderr).not.toContain('orafi login')
      const { run, ...counts } = JSON.parse(stdout)
      expect(counts).toMatchObject({ created: 10, rejected: 0, undecided: 0 })
      // Nothing is left open: the next import has nothing to look for.
      const shown = JSON.parse((await orafi(`runs show ${run} --json`, { home })).stdout).data
      expect(new Set(shown.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
        new Set(['created', 'notSent']),
      )
      refusing = false
      const again = await orafi(`customers import ${file} --json`, { ...shop.test, home })
      expect(JSON.parse(again.stdout)).toMatchObject({ created: 30, skipped: 10, undecided: 0 })
      expect(await emails(shop)).toEqual(expected(40))
    },
  )

  test('twenty in a row without a response stop it with exit 5, and importing again loses and duplicates nobody', async () => {
    let down = true
    const next = onCreates((create) =>
      down && create >= 5 ? { how: 'drop', takesEffect: create % 2 === 0 } : undefined,
    )
    const shop = await openShop(0, { faults: { next } })
    const home = await temporaryFolder()
    const file = await fileOf(csvOf(100))
    const { code, stdout } = await orafi(`customers import ${file} --json --concurrency 1`, {
      ...shop.test,
      home,
    })
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({ created: 5, undecided: 20 })
    down = false
    const again = await orafi(`customers import ${file} --json`, { ...shop.test, home })
    expect(again.code).toBe(0)
    expect(await emails(shop)).toEqual(expected(100))
  })

  test('a row whose 429 retries ran out is queued again, never rejected', async () => {
    let refusals = 0
    const next: NextFault = ({ method }) =>
      method === 'POST' && refusals++ < 12 ? { how: 429, takesEffect: false } : undefined
    const shop = await openShop(0, { faults: { next } })
    const { code, stdout } = await orafi(
      `customers import ${await fileOf(csvOf(5))} --json --retries 1`,
      shop.test,
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ created: 5, rejected: 0 })
  })

  test('Ctrl-C finishes what is under way, says how to continue, and exits 130', async () => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const file = await fileOf(csvOf(400))
    const interrupted: Circumstances = {
      ...shop.test,
      home,
      onOutput: ({ stderr }, interrupt) => {
        if (stderr.split('POST').length > 60) interrupt()
      },
    }
    const { code, stdout, stderr } = await orafi(`customers import ${file} --json --debug`, interrupted)
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ undecided: 0 })
    expect(JSON.parse(stdout).created).toBe(shop.store.count)
    expect(shop.store.count).toBeLessThan(400)
    expect(stderr).toContain('run the same command again')
    await orafi(`customers import ${file}`, { ...shop.test, home })
    expect(await emails(shop)).toEqual(expected(400))
  })

  test('with the state folder erased between two imports nobody is duplicated', async () => {
    let down = true
    const next = onCreates((create) =>
      down && create > 20 ? { how: 'drop', takesEffect: create % 2 === 0 } : undefined,
    )
    const shop = await openShop(0, { faults: { next } })
    const home = await temporaryFolder()
    const file = await fileOf(csvOf(80))
    await orafi(`customers import ${file}`, { ...shop.test, home })
    await rm(join(home, 'state'), { recursive: true })
    down = false
    expect((await orafi(`customers import ${file}`, { ...shop.test, home })).code).toBe(0)
    expect(await emails(shop)).toEqual(expected(80))
  })

  test('a second import into the same account is refused, naming the first', async () => {
    const home = await temporaryFolder()
    const second: Promise<{ code: number; stderr: string }>[] = []
    // Every answer waits for the end of the second, so that the first is going on as long as that takes.
    const shop = await openShop(0, { latencyMs: 1, sleep: async () => void (await second[0]) })
    const file = await fileOf(csvOf(100))
    const first = await orafi(`customers import ${file} --debug`, {
      ...shop.test,
      home,
      onOutput: ({ stderr }) => {
        if (second.length === 0 && stderr.includes('POST'))
          second.push(orafi(`customers import ${file}`, { ...shop.test, home }))
      },
    })
    expect(first.code).toBe(0)
    const refused = await second[0]
    expect(refused?.code).toBe(1)
    expect(refused?.stderr).toMatch(/orafi customers import .*is running .*ada@shop-desk/)
    expect(shop.store.count).toBe(100)
  })
})
