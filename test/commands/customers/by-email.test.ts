import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Api, harmless, startApi } from '../../support/api.ts'
import { type Circumstances, orafi, temporaryFolder } from '../../support/orafi.ts'

const kwame = harmless('c_kwame', {
  firstname: 'Kwame',
  lastname: 'Agyeman',
  email: 'kwame.agyeman@gmail.com',
})
const ada = harmless('c_ada', { email: 'Ada@X.example' })
/** Two records with one e-mail, far apart. */
const bo = harmless('c_bo', { firstname: 'Bo', email: 'bo@x.example' })
const boToo = harmless('c_bo2', { firstname: 'Bo', lastname: 'Ek', email: 'BO@x.example', totalSpent: 12 })
const others = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => harmless(`c_${from + index}`))

/** An account of three pages. */
const openApi = (): Promise<Api> => startApi([ada, bo, ...others(0, 150), kwame, ...others(150, 250), boToo])

const scans = (api: Api): number =>
  api.received.filter(
    ({ method, path, query }) => method === 'GET' && path === '/customers' && !query.has('cursor'),
  ).length

/** A file of the shop's. */
async function file(contents: string | Uint8Array, name = 'removals.txt'): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, contents)
  return path
}

/** Output goes to a pipe. */
const terminal = { tty: ['stdin', 'stderr'] } as const

describe('customers get, by e-mail', () => {
  test.each([
    'kwame.agyeman@gmail.com',
    'Kwame.Agyeman@GMAIL.com',
    'mailto:kwame.agyeman@gmail.com',
    ' kwame.agyeman@gmail.com ',
    'Kwame Agyeman <kwame.agyeman@gmail.com>',
    'kwame.agyeman\u200b@gmail.com',
  ])('%j prints the customer', async (email) => {
    const api = await openApi()
    const { code, stdout } = await orafi(['customers', 'get', email, '--json'], api.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ id: 'c_kwame' })
  })

  test('an international domain is found in either form', async () => {
    const api = await startApi([harmless('c_ida', { email: 'ida@xn--bcher-kva.example' })])
    expect((await orafi('customers get ida@bücher.example --fields id', api.test)).stdout).toBe('c_ida\n')
  })

  test('the account is read once for any number of e-mails, and ids may be among them', async () => {
    const api = await openApi()
    const line = 'customers get kwame.agyeman@gmail.com c_7 ada@x.example c_kwame c_8@x.example --fields id'
    const { code, stdout } = await orafi(line, api.test)
    expect(code).toBe(0)
    expect(stdout).toBe('c_kwame\nc_7\nc_ada\nc_8\n')
    expect(scans(api)).toBe(1)
  })

  test('without an e-mail the account is not read', async () => {
    const api = await openApi()
    await orafi('customers get c_7 c_8', api.test)
    expect(scans(api)).toBe(0)
  })

  test('an e-mail that nobody has is exit 3, as typed', async () => {
    const api = await openApi()
    const { code, stdout, stderr } = await orafi('customers get Nobody@x.example --json', api.test)
    expect(code).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toContain('Nobody@x.example')
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'not_found', hint: expect.any(String) })
    const some = await orafi('customers get Nobody@x.example ada@x.example --fields id', api.test)
    expect(some).toMatchObject({ code: 6, stdout: 'c_ada\n' })
    expect(some.stderr).toContain('1 of 2 were not found: Nobody@x.example')
  })

  test('one of several customers is exit 2, with the ids', async () => {
    const api = await openApi()
    const { code, stdout, stderr } = await orafi('customers get bo@x.example c_1 --json', api.test)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'usage',
      message: '2 customers have the e-mail bo@x.example: c_bo, c_bo2',
      ids: ['c_bo', 'c_bo2'],
    })
  })

  test.each([
    ['2\n', 'c_bo2'],
    ['1\n', 'c_bo'],
    ['1,2\n', 'c_bo c_bo2'],
    ['2 1\n', 'c_bo c_bo2'],
    ['1-2\n', 'c_bo c_bo2'],
    ['all\n', 'c_bo c_bo2'],
    ['3\n2\n', 'c_bo2'],
    ['-1\n0.5\nbo\n2-1\n1,\n2\n', 'c_bo2'],
  ])('on a terminal, %j chooses among several', async (stdin, expected) => {
    const api = await openApi()
    const line = 'customers get bo@x.example --fields id'
    const { code, stdout, stderr } = await orafi(line, { ...api.test, ...terminal, stdin })
    expect(code).toBe(0)
    expect(stdout.trim().replaceAll('\n', ' ')).toBe(expected)
    expect(stderr).toContain('2 customers have the e-mail bo@x.example: c_bo, c_bo2')
    expect(stderr).toMatch(/^ *1 +│? *c_bo .*\n(.*\n)? *│? *2 +│? *c_bo2 /m)
  })

  test.each([
    ['\n', 7],
    ['none\n', 7],
    ['0\n', 7],
    ['\x1b', 7],
    ['\x04', 7],
    ['\x03', 130],
  ])('on a terminal, %j chooses none', async (stdin, expected) => {
    const api = await openApi()
    const { code, stdout } = await orafi('customers get bo@x.example', { ...api.test, ...terminal, stdin })
    expect(code).toBe(expected)
    expect(stdout).toBe('')
  })

  test('those of whom none was chosen are left out', async () => {
    const api = await openApi()
    const line = 'customers get bo@x.example ada@x.example --fields id'
    const { code, stdout } = await orafi(line, { ...api.test, ...terminal, stdin: '\n' })
    expect(code).toBe(0)
    expect(stdout).toBe('c_ada\n')
  })

  test.each(['a@', '@x.example', 'a@b', 'a b@x.example', 'a@@x.example', '@', 'a..b@x.example'])(
    '%j is neither an id nor an e-mail',
    async (text) => {
      const api = await openApi()
      const { code, stderr } = await orafi(['customers', 'get', text], api.test)
      expect(code).toBe(2)
      expect(stderr).toContain(`'${text}' is neither an id nor an e-mail address`)
      expect(api.received).toEqual([])
    },
  )

  test('a scan that fails on its way finds nobody', async () => {
    const api = await openApi()
    api.instead = ({ query }) => (query.has('cursor') ? { status: 503 } : undefined)
    const { code, stdout } = await orafi('customers get ada@x.example --retries 0', api.test)
    expect(code).toBe(5)
    expect(stdout).toBe('')
  })

  test('the progress of the scan is shown on a terminal', async () => {
    const api = await openApi()
    let waited = false
    api.instead = async ({ query }) => {
      if (query.get('cursor') === '200') {
        await new Promise((resolve) => setTimeout(resolve, 250))
        waited = true
      }
      return undefined
    }
    const { stderr } = await orafi('customers get ada@x.example', { ...api.test, ...terminal })
    expect(waited).toBe(true)
    expect(stderr).toContain('reading the account: 200 customers')
  })
})

describe('customers get -', () => {
  test('reads ids and e-mails from standard input, and always prints a list', async () => {
    const api = await openApi()
    const stdin = 'kwame.agyeman@gmail.com\n\nc_7\nc_kwame\n'
    const { code, stdout } = await orafi('customers get - --fields id', { ...api.test, stdin })
    expect(code).toBe(0)
    expect(stdout).toBe('c_kwame\nc_7\n')
    const one = await orafi('customers get - --json', { ...api.test, stdin: 'c_7\n' })
    expect(JSON.parse(one.stdout)).toMatchObject([{ id: 'c_7' }])
  })

  test('reads what another command printed', async () => {
    const api = await openApi()
    for (const format of [
      '',
      '--json',
      '--ndjson',
      '--csv',
      '--csv --excel-safe',
      '--fields email',
      '--fields id --csv',
    ]) {
      const found = await orafi(`customers list --limit 3 ${format}`, api.test)
      const { code, stdout } = await orafi('customers get - --fields id', {
        ...api.test,
        stdin: found.stdout,
      })
      // Bo's e-mail alone is that of two.
      expect(code, format).toBe(format === '--fields email' ? 2 : 0)
      if (code === 0) expect(stdout).toBe('c_ada\nc_bo\nc_0\n')
    }
  })

  test('among arguments, in its place and once', async () => {
    const api = await openApi()
    const line = 'customers get c_1 - c_2 - --fields id'
    expect((await orafi(line, { ...api.test, stdin: 'c_3\n' })).stdout).toBe('c_1\nc_3\nc_2\n')
  })

  test('a row with an e-mail that is not the customer’s prints nothing', async () => {
    const api = await openApi()
    const stdin = 'id,email\nc_7,c_7@x.example\nc_8,c_7@x.example\n'
    const { code, stdout, stderr } = await orafi('customers get - --ndjson', { ...api.test, stdin })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(JSON.parse(stderr).error.message).toBe(
      'standard input, line 3: customer c_8 has the e-mail c_8@x.example, not c_7@x.example',
    )
  })

  test('a wrong line is named, and so is nothing at all', async () => {
    const api = await openApi()
    const wrong = await orafi('customers get -', { ...api.test, stdin: 'c_1\nAda Obi\n' })
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toContain('standard input, line 2')
    expect((await orafi('customers get -', { ...api.test, stdin: '' })).code).toBe(2)
  })

  test('asks on the controlling terminal', async () => {
    const api = await openApi()
    const circumstances: Circumstances = { ...api.test, stdin: 'bo@x.example\n', tty: ['stderr'] }
    const line = 'customers get - --fields id'
    expect(await orafi(line, { ...circumstances, terminal: '2\n' })).toMatchObject({
      code: 0,
      stdout: 'c_bo2\n',
    })
    expect((await orafi(line, circumstances)).code).toBe(2)
    expect((await orafi(`${line} --no-input`, { ...circumstances, terminal: '2\n' })).code).toBe(2)
  })
})

describe('customers delete, by e-mail', () => {
  test('a removal list of e-mails deletes those people, and nobody else', async () => {
    const api = await openApi()
    const path = await file('kwame.agyeman@gmail.com', 'removals-emails.txt')
    const { code, stdout } = await orafi(`customers delete --ids-from ${path} --yes --json`, api.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ deleted: ['c_kwame'], notFound: [] })
    expect(api.deleted).toEqual(['c_kwame'])
    const again = await orafi(`customers delete --ids-from ${path} --yes --json`, api.test)
    expect(again.code).toBe(3)
    expect(JSON.parse(again.stdout)).toMatchObject({ deleted: [], notFound: ['kwame.agyeman@gmail.com'] })
    expect(again.stderr).toContain('kwame.agyeman@gmail.com')
    expect(api.deleted).toEqual(['c_kwame'])
  })

  test('e-mails of people who do not exist stand in notFound as typed, beside those who do', async () => {
    const api = await openApi()
    const line = 'customers delete Nobody@X.example ada@x.example nobody@x.example c_none --yes --json'
    const { code, stdout } = await orafi(line, api.test)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({
      deleted: ['c_ada'],
      notFound: ['Nobody@X.example', 'nobody@x.example', 'c_none'],
      failed: [],
      leftOut: [],
      notSent: [],
    })
  })

  test('shows and asks as for an id', async () => {
    const api = await openApi()
    const { code, stderr } = await orafi('customers delete kwame.agyeman@gmail.com', {
      ...api.test,
      ...terminal,
      stdin: 'y\n',
    })
    expect(code).toBe(0)
    expect(stderr).toContain('Delete 1 customer? [y/N]')
    expect(api.deleted).toEqual(['c_kwame'])
  })

  test('one of several customers deletes nobody at all, with the ids', async () => {
    const api = await openApi()
    const path = await file('ada@x.example\nBo@X.example\nkwame.agyeman@gmail.com\n')
    for (const more of ['--yes', '--dry-run', '--yes --include-spenders']) {
      const { code, stdout, stderr } = await orafi(`customers delete --ids-from ${path} ${more}`, api.test)
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain('nothing was deleted: 2 customers have the e-mail Bo@X.example: c_bo, c_bo2')
    }
    const onTerminal = await orafi(`customers delete --ids-from ${path} --yes`, { ...api.test, ...terminal })
    expect(onTerminal.code).toBe(2)
    expect(api.deleted).toEqual([])
  })

  test('on a terminal several are chosen from, then the usual question is asked', async () => {
    const api = await openApi()
    const { code, stderr } = await orafi('customers delete bo@x.example', {
      ...api.test,
      ...terminal,
      stdin: '2\ny\n',
    })
    expect(code).toBe(0)
    expect(stderr).toContain('Which to delete? [1-2, all; Enter for none]')
    expect(api.deleted).toEqual(['c_bo2'])
  })

  test('choosing none deletes nothing of that e-mail', async () => {
    const api = await openApi()
    const alone = await orafi('customers delete bo@x.example', { ...api.test, ...terminal, stdin: '\n' })
    expect(alone.code).toBe(7)
    expect(alone.stderr).toContain('nothing was deleted')
    const line = 'customers delete bo@x.example ada@x.example --json'
    const { code, stdout } = await orafi(line, { ...api.test, ...terminal, stdin: 'none\ny\n' })
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({ deleted: ['c_ada'], leftOut: [{ id: 'bo@x.example' }] })
    expect(api.deleted).toEqual(['c_ada'])
  })

  test('an e-mail that only resembles the one in the account is not enough to delete', async () => {
    const api = await startApi([harmless('c_ali', { email: 'alı@x.example' })])
    const line = 'customers delete ali@x.example'
    const { code, stderr } = await orafi(`${line} --yes`, api.test)
    expect(code).toBe(2)
    expect(stderr).toContain('c_ali')
    expect(api.deleted).toEqual([])
    expect((await orafi('customers get ali@x.example --fields id', api.test)).stdout).toBe('c_ali\n')
    expect((await orafi(line, { ...api.test, ...terminal, stdin: '1\ny\n' })).code).toBe(0)
    expect(api.deleted).toEqual(['c_ali'])
  })

  test('a customer whose e-mail is another one by now is left out', async () => {
    const api = await openApi()
    api.instead = ({ path }) => {
      if (path === '/customers/c_kwame')
        api.records.set('c_kwame', { ...kwame, firstname: 'Esi', email: 'esi@x.example' })
      return undefined
    }
    const emails = 'kwame.agyeman@gmail.com ada@x.example'
    const dryRun = await orafi(`customers delete ${emails} --dry-run --json`, api.test)
    expect(JSON.parse(dryRun.stdout)).toMatchObject({ wouldDelete: ['c_ada'] })
    api.records.set('c_kwame', kwame)
    const { code, stdout } = await orafi(`customers delete ${emails} --yes --json`, api.test)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({
      deleted: ['c_ada'],
      leftOut: [{ id: 'c_kwame', reason: 'its e-mail is no longer kwame.agyeman@gmail.com' }],
    })
    expect(api.deleted).toEqual(['c_ada'])
    api.records.set('c_kwame', kwame)
    expect(await orafi('customers get kwame.agyeman@gmail.com', api.test)).toMatchObject({
      code: 3,
      stdout: '',
    })
    api.records.set('c_kwame', kwame)
    expect(await orafi('customers get kwame.agyeman@gmail.com c_7 --fields id', api.test)).toMatchObject({
      code: 6,
      stdout: 'c_7\n',
    })
    // Its id names it as well.
    api.records.set('c_kwame', kwame)
    expect((await orafi('customers delete kwame.agyeman@gmail.com c_kwame --yes', api.test)).code).toBe(0)
    expect(api.deleted).toEqual(['c_ada', 'c_kwame'])
  })

  test.each(['kwame. agyeman@gmail.com', 'kwame.agyeman@gmail .com', 'kwame\u00a0.agyeman@gmail.com'])(
    'a record with white space inside its e-mail, %j, is not enough to delete',
    async (email) => {
      const api = await startApi([harmless('c_1', { email }), harmless('c_2', { email: ' Ada@x.example\t' })])
      const { code, stderr } = await orafi('customers delete kwame.agyeman@gmail.com --yes', api.test)
      expect(code).toBe(2)
      expect(stderr).toContain('no customer has exactly kwame.agyeman@gmail.com')
      expect(api.deleted).toEqual([])
      expect((await orafi('customers delete ada@x.example --yes', api.test)).code).toBe(0)
      expect(api.deleted).toEqual(['c_2'])
    },
  )

  test('one customer, named by id and by e-mail, is one', async () => {
    const api = await openApi()
    const stdin = 'c_kwame\nkwame.agyeman@gmail.com\nKWAME.agyeman@gmail.com\nc_kwame\n'
    const line = 'customers delete --ids-from - --yes --max-delete 1 --json'
    const { code, stdout } = await orafi(line, { ...api.test, stdin })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).deleted).toEqual(['c_kwame'])
  })

  test('--max-delete counts the customers, not the lines', async () => {
    const api = await openApi()
    const stdin = 'c_1@x.example\nc_2@x.example\nnobody@x.example\n'
    const run = (most: number) =>
      orafi(`customers delete --ids-from - --yes --max-delete ${most}`, { ...api.test, stdin })
    expect((await run(1)).code).toBe(2)
    expect(api.deleted).toEqual([])
    expect((await run(2)).code).toBe(6)
    expect(api.deleted.toSorted()).toEqual(['c_1', 'c_2'])
  })

  test.each([
    ['fails', { status: 503 }, 5],
    ['is not permitted', { status: 403 }, 4],
    ['cannot be read', { status: 200, body: { success: true } }, 1],
  ])('a scan that %s on its way deletes nobody', async (_how, instead, expected) => {
    const api = await openApi()
    api.instead = ({ query }) => (query.get('cursor') === '200' ? instead : undefined)
    const line = 'customers delete ada@x.example c_1 nobody@x.example --yes --retries 0'
    const { code, stdout } = await orafi(line, api.test)
    expect(code).toBe(expected)
    expect(stdout).toBe('')
    expect(api.deleted).toEqual([])
  })

  test('a scan that is interrupted deletes nobody', async () => {
    const api = await openApi()
    let interrupt = (): void => undefined
    api.instead = ({ query }) => {
      if (query.get('cursor') === '100') interrupt()
      return undefined
    }
    const { code, stdout } = await orafi('customers delete ada@x.example --yes', {
      ...api.test,
      onStart: (end) => {
        interrupt = end
      },
    })
    expect(code).toBe(130)
    expect(stdout).toBe('')
    expect(api.deleted).toEqual([])
  })

  test.each([
    ['a header of ids over e-mails', 'id\nkwame.agyeman@gmail.com\n'],
    ['a column of ids that holds e-mails', 'name,id\nKwame,kwame.agyeman@gmail.com\n'],
    ['JSON whose ids are e-mails', '[{"id":"kwame.agyeman@gmail.com"}]'],
    ['a list of strings', '["kwame.agyeman@gmail.com"]'],
    ['a list from a spreadsheet', 'sep=;\r\n"Email Address";Name\r\n"kwame.agyeman@gmail.com";Kwame;\r\n'],
    ['UTF-16', Buffer.from('\ufeffkwame.agyeman@gmail.com\r\n', 'utf16le')],
    ['an export with a column of ids', 'id,email\nc_kwame,Kwame.Agyeman@gmail.com\n'],
    ['a row of ids and one of e-mails', 'id,email\n,kwame.agyeman@gmail.com\nc_kwame,\n'],
  ])('%s names its customer', async (_what, contents) => {
    const api = await openApi()
    const { code } = await orafi(`customers delete --ids-from ${await file(contents)} --yes`, api.test)
    expect(code).toBe(0)
    expect(api.deleted).toEqual(['c_kwame'])
  })

  test.each([
    [
      'ids of another program, which happen to be ids here',
      'ID,Email\nc_kwame,kwame.agyeman@gmail.com\nc_2,ada@x.example\n',
      'line 3: customer c_2 has the e-mail c_2@x.example, not ada@x.example',
    ],
    [
      'ids of another program',
      'ID;Email\n1001;kwame.agyeman@gmail.com\n1002;ada@x.example\n',
      'line 2: there is no customer 1001',
    ],
    [
      'one id with two e-mails',
      '{"id":"c_2","email":"c_2@x.example"}\n{"id":"c_2","email":"c_3@x.example"}\n',
      'line 2: customer c_2 has the e-mail c_2@x.example, not c_3@x.example',
    ],
    [
      'an e-mail that is none',
      'id,email\nc_2,n/a\n',
      'line 2: customer c_2 has the e-mail c_2@x.example, not n/a',
    ],
    ['a name', 'ada@x.example\nAda Obi\n', 'line 2'],
    ['two e-mails in one row', 'id,email\nada@x.example,bo@x.example\n', 'line 2 has two e-mails'],
    [
      'an e-mail without a domain',
      'ada@x.example\nada@\n',
      "line 2 is neither an id nor an e-mail address: 'ada@'",
    ],
  ])('%s: nothing is deleted, and the line is named', async (_what, contents, message) => {
    const api = await openApi()
    const { code, stdout, stderr } = await orafi(
      `customers delete --ids-from ${await file(contents)} --yes`,
      api.test,
    )
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(api.deleted).toEqual([])
  })

  test('an e-mail in the account that is none is compared as it is', async () => {
    const api = await startApi([harmless('c_1', { email: 'n/a' }), harmless('c_2', { email: '' })])
    const exported = await orafi('customers list --csv', api.test)
    const { code } = await orafi('customers delete --ids-from - --yes', {
      ...api.test,
      stdin: exported.stdout,
    })
    expect(code).toBe(0)
    expect(api.deleted.toSorted()).toEqual(['c_1', 'c_2'])
  })
})

describe('customers delete --ids-from -', () => {
  const ids = { stdin: 'ada@x.example\n', tty: ['stderr'] } as const

  test('asks on the controlling terminal', async () => {
    const api = await openApi()
    const line = 'customers delete --ids-from -'
    expect((await orafi(line, { ...api.test, ...ids, terminal: 'n\n' })).code).toBe(7)
    expect(api.deleted).toEqual([])
    const { code, stderr } = await orafi(line, { ...api.test, ...ids, terminal: 'y\n' })
    expect(code).toBe(0)
    expect(stderr).toContain('Delete 1 customer? [y/N]')
    expect(api.deleted).toEqual(['c_ada'])
  })

  test('so does - among the arguments', async () => {
    const api = await openApi()
    const { code } = await orafi('customers delete c_1 -', { ...api.test, ...ids, terminal: 'y\n' })
    expect(code).toBe(0)
    expect(api.deleted.toSorted()).toEqual(['c_1', 'c_ada'])
  })

  test('without one prompting is not possible', async () => {
    const api = await openApi()
    for (const more of ['', ' --no-input']) {
      const { code, stderr } = await orafi(`customers delete --ids-from -${more}`, {
        ...api.test,
        ...ids,
        terminal: more === '' ? undefined : 'y\n',
      })
      expect(code).toBe(2)
      expect(stderr).toContain('needs confirmation')
    }
    expect(api.received).toEqual([])
  })

  test('the content of standard input never answers a prompt', async () => {
    const api = await openApi()
    const stdin = 'ada@x.example\nc_1\ny\ny\n'
    const { code } = await orafi('customers delete --ids-from -', { ...api.test, stdin, tty: ['stderr'] })
    expect(code).toBe(2)
    expect(api.deleted).toEqual([])
  })
})
