import { writeFileSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Circumstances, orafi, temporaryFolder } from '../../support/orafi.ts'
import { answerForms, openShop, pay, type Shop } from '../../support/shop.ts'

type Person = { firstname?: string; email: string; totalSpent?: number; mode?: ('test' | 'live')[] }

async function customer(shop: Shop, person: Person): Promise<string> {
  const fields = { firstname: 'Ada', lastname: 'Obi', totalSpent: 0, mode: ['test'] as const, ...person }
  return (await shop.store.create(fields)).id
}

/** A shop with a keeper that has spent, its twin in capitals, an alias of another name, and a stranger. */
async function twins(options: Parameters<typeof openShop>[1] = {}) {
  const shop = await openShop(0, options)
  const home = await temporaryFolder()
  const keeper = await customer(shop, { email: 'ada.obi@gmail.com', totalSpent: 20 })
  const twin = await customer(shop, { email: 'Ada.Obi@Gmail.com' })
  const other = await customer(shop, { email: 'adaobi+shop@gmail.com', firstname: 'Chidi' })
  await customer(shop, { email: 'somebody@else.example', firstname: 'Max' })
  const here: Circumstances = { ...shop.test, home }
  return { shop, home, keeper, twin, other, here, plan: join(home, 'plan.json') }
}

describe('orafi customers duplicates', () => {
  test('proposes to delete a twin, and leaves a mailbox with another name to a person', async () => {
    const { here, keeper, twin, other } = await twins()
    const { code, stdout, stderr } = await orafi('customers duplicates --json', here)
    expect(code).toBe(0)
    const { groups } = JSON.parse(stdout)
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({
      level: 'alias',
      keep: { id: keeper },
      delete: [{ id: twin }],
      review: [{ id: other }],
    })
    expect(stderr).toContain(
      '1 group among 4 customers.\ndecide: orafi customers duplicates --plan plan.json --review\n',
    )
  })

  test.each(['exact', 'alias', 'likely'])(
    '--match %s explains each member, the keeper first',
    async (match) => {
      const { here, keeper, twin } = await twins()
      const { stdout } = await orafi(`customers duplicates --match ${match} --json`, here)
      const { members } = JSON.parse(stdout).groups[0]
      expect(members[0]).toEqual({ id: keeper, decision: 'keep', probability: null, because: [] })
      const { because, probability, ...member } = members[1]
      expect(member).toEqual({ id: twin, decision: 'delete' })
      const bits = because.reduce((sum: number, part: { bits: number }) => sum + part.bits, 0)
      expect(bits).toBeCloseTo(Math.log2(probability / (1 - probability)), 0)
      const texts = because.map(({ text }: { text: string }) => text)
      expect(texts).toEqual(expect.arrayContaining(['same name ada', 'same name obi', 'same mailbox']))
    },
  )

  test('--certainty is for --match likely only, and a plan records it', async () => {
    const { here, plan } = await twins()
    for (const match of ['', '--match exact', '--match alias']) {
      const { code, stderr } = await orafi(`customers duplicates ${match} --certainty 0.95`, here)
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('--certainty is for --match likely, not for '),
      ])
    }
    for (const value of ['95%', '0.49', '1', '95']) {
      const { code, stderr } = await orafi(`customers duplicates --match likely --certainty ${value}`, here)
      expect(code).toBe(2)
      expect(stderr).toContain('Expected a probability from 0.5 to 0.999, such as 0.95.')
    }
    const { stderr } = await orafi('customers duplicates --match likely --certainty 0.95', here)
    expect(stderr).toContain(
      'decide: orafi customers duplicates --match likely --certainty 0.95 --plan plan.json',
    )
    await orafi(`customers duplicates --match likely --certainty 0.95 --plan ${plan}`, here)
    const { version, options, account } = JSON.parse(await readFile(plan, 'utf8'))
    expect({ version, options, account }).toEqual({
      version: 3,
      options: { match: 'likely', keep: 'most-spent', certainty: 0.95 },
      account: {
        customers: 4,
        repeatedMailboxes: 1,
        counts: expect.objectContaining({ 'name obi': expect.any(Number) }),
      },
    })
  })

  test('on a terminal says for each group what is kept and deleted, with whole amounts and reasons', async () => {
    const { here, keeper, twin, other } = await twins()
    const { stdout } = await orafi('customers duplicates', {
      ...here,
      tty: true,
      columns: 80,
      env: { NO_COLOR: '1' },
    })
    const evidence = /(?<=\n {2})(?:\S[^\n]* [+-]\d+ [^\n]*\n {2})?[^\n→]*[+-]\d+ → (?:over |under )?\d+ %/g
    expect(
      stdout.replace(evidence, '(evidence)'),
    ).toBe(`        ID                         EMAIL                  NAME       SPENT
Group 1 (alias, under 1 %): same e-mail except for case, spaces or Unicode form;
same mailbox: Gmail ignores dots and the text after a +; googlemail.com is
gmail.com
keep    ${keeper}  ada.obi@gmail.com      Ada Obi       20
DELETE  ${twin}  Ada.Obi@Gmail.com      Ada Obi        0
  (evidence)
  same e-mail except for case, spaces or Unicode form
review  ${other}  adaobi+shop@gmail.com  Chidi Obi      0
  (evidence)
  same mailbox: Gmail ignores dots and the text after a +; googlemail.com is
  gmail.com; the names differ
`)
    const narrow = await orafi('customers duplicates', {
      ...here,
      tty: true,
      columns: 50,
      env: { NO_COLOR: '1' },
    })
    expect(narrow.stdout).toContain(`\nid        ${twin}\n`)
    const coloured = await orafi('customers duplicates', { ...here, tty: true })
    expect(coloured.stdout).toContain('\x1b[31m\x1b[1mDELETE\x1b[22m\x1b[39m')
  })

  test('in a pipe prints a line for each customer, with its group and its decision', async () => {
    const { here, keeper, twin, other } = await twins()
    const lines = (await orafi('customers duplicates', here)).stdout
      .split('\n')
      .map((line) => line.split('\t'))
    expect(lines.map((cells) => cells.slice(0, 3))).toEqual([
      ['1', 'keep', keeper],
      ['1', 'delete', twin],
      ['1', 'review', other],
      [''],
    ])
    expect(lines[2]?.at(-1)).toMatch(/^same mailbox: .*; the names differ$/)
  })

  test('deletes nothing itself', async () => {
    const { shop, here, plan } = await twins()
    await orafi('customers duplicates', here)
    await orafi(`customers duplicates --plan ${plan}`, here)
    expect(shop.store.count).toBe(4)
  })

  test('--match exact does not look behind a +tag', async () => {
    const { here, twin } = await twins()
    const { groups } = JSON.parse((await orafi('customers duplicates --match exact --json', here)).stdout)
    expect(groups).toMatchObject([{ level: 'exact', delete: [{ id: twin }], review: [] }])
  })

  test('says so where there are none', async () => {
    const shop = await openShop()
    await customer(shop, { email: 'a@x.example' })
    expect(await orafi('customers duplicates --json', shop.test)).toMatchObject({
      code: 0,
      stdout: '{"groups":[]}\n',
      stderr: 'No duplicates among 1 customer.\n',
    })
  })

  test.each(['ndjson', 'json', 'csv'])('looks in an export (%s) without a request', async (extension) => {
    const { here, home, keeper, twin } = await twins()
    const file = join(home, `export.${extension}`)
    await orafi(`customers export ${file}`, here)
    const offline = await orafi(`customers duplicates --from ${file} --json`, { home })
    expect(offline.code).toBe(0)
    expect(JSON.parse(offline.stdout).groups).toMatchObject([
      { keep: { id: keeper, totalSpent: 20 }, delete: [{ id: twin }] },
    ])
  })

  test('an export without the needed columns is refused, naming them', async () => {
    const home = await temporaryFolder()
    const file = join(home, 'people.csv')
    await writeFile(file, 'id,name\nc_1,Ada\n')
    const { code, stderr } = await orafi(`customers duplicates --from ${file}`, { home })
    expect(code).toBe(2)
    expect(stderr).toContain('no column firstname, lastname, email')
  })
})

describe('relatives', () => {
  /** An export of customers, from lines such as `Ada|Obi <ada@x.example>`. */
  async function exported(lines: readonly string[]): Promise<{ home: string; file: string }> {
    const home = await temporaryFolder()
    const file = join(home, 'people.ndjson')
    const records = lines.map((line, index) => {
      const [, firstname, lastname, email] = /^(.*)\|(.*) <(.*)>$/.exec(line) ?? []
      return { id: `c_${index}`, firstname, lastname, email, mode: ['test'], totalSpent: 0 }
    })
    await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    return { home, file }
  }

  test('who share a mailbox are all left to a person, in any order of names and any script', async () => {
    const { home, file } = await exported([
      'Bramcombe|Ellie <bram@x.example>',
      'Bramcombe|Allie <bram@x.example>',
      'Ojo|Tobiloba <ojo@x.example>',
      'Ojo|Tomiloba <ojo@x.example>',
      'Саша|Ковалев <kov@x.example>',
      'Саша|Ковалева <kov@x.example>',
      'السيد|أمين <am@x.example>',
      'السيد|أمينة <am@x.example>',
      'Άλεξ|Παπαδόπουλος <pap@x.example>',
      'Άλεξ|Παπαδοπούλου <pap@x.example>',
      'Kim|Bērziņš <berz@x.example>',
      'Kim|Bērziņa <berz@x.example>',
      'John|Smith <smith@x.example>',
      'John|Smith Jr <smith@x.example>',
    ])
    for (const match of ['exact', 'alias', 'likely']) {
      const line = `customers duplicates --match ${match} --from ${file}`
      const { groups } = JSON.parse((await orafi(`${line} --json`, { home })).stdout)
      expect(groups).toHaveLength(7)
      for (const group of groups) expect(group).toMatchObject({ delete: [], review: [{}] })
      const { stdout } = await orafi(line, { home })
      expect(stdout).toContain('same e-mail; the names differ by a letter or two')
      expect(stdout).toContain('same e-mail; a title or suffix (Mr, Mrs, Jr, Sr) differs')
    }
  })

  test.each([
    ['info@x.example', 'the mailbox is shared, such as info@'],
    ['none@none.com', 'the e-mail is a placeholder'],
  ])('nobody is proposed at %s', async (email, why) => {
    const { home, file } = await exported([`Ada|Obi <${email}>`, `Ada|Obi <${email}>`])
    const { stdout } = await orafi(`customers duplicates --from ${file}`, { home })
    expect(stdout).toContain(`same e-mail; ${why}`)
    expect(stdout).not.toContain('delete')
  })

  test('names and e-mails of 100,000 letters or accents are compared by their start, and left to a person', async () => {
    const many = '\u0316\u0301'.repeat(50_000)
    const { home, file } = await exported([
      `Ada${many}|Obi <ada@x.example>`,
      `Ada${many}|Obi <ada@x.example>`,
      `Bola|${'ab'.repeat(50_000)} <bola@x.example>`,
      `Bola|${'ba'.repeat(50_000)} <bola@x.example>`,
      `Chidi|Eze <chidi@${many}.example>`,
      `Chidi|Eze <chidi@${many}.example>`,
    ])
    const line = `customers duplicates --match likely --from ${file} --json`
    const { groups } = JSON.parse((await orafi(line, { home })).stdout)
    expect(groups).toHaveLength(3)
    for (const group of groups) expect(group).toMatchObject({ delete: [], review: [{}] })
  })
})

describe('a plan', () => {
  test.each(answerForms)(
    'is a private file, is not overwritten without --force, and is applied (%s)',
    async (answers) => {
      const { shop, here, plan, keeper, twin, other } = await twins({ answers })
      expect((await orafi(`customers duplicates --plan ${plan}`, here)).stderr).toContain(
        `delete: orafi customers delete --plan ${plan}`,
      )
      expect((await stat(plan)).mode & 0o777).toBe(0o600)
      expect((await orafi(`customers duplicates --plan ${plan}`, here)).code).toBe(2)
      expect((await orafi(`customers duplicates --plan ${plan} --force`, here)).code).toBe(0)
      const { code, stdout } = await orafi(`customers delete --plan ${plan} --yes --json`, here)
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ deleted: [twin], leftOut: [] })
      expect(shop.store.get(keeper, 'test')).toBeDefined()
      expect(shop.store.get(other, 'test')).toBeDefined()
    },
  )

  test('shows what is kept above what is deleted', async () => {
    const { here, plan, keeper, twin } = await twins()
    await orafi(`customers duplicates --plan ${plan}`, here)
    const how = { ...here, tty: true, columns: 80, env: { NO_COLOR: '1' } } as const
    const { stderr } = await orafi(`customers delete --plan ${plan} --dry-run`, how)
    expect(stderr).toContain(`        ID                         EMAIL              NAME     SPENT  MODE
Group 1
keep    ${keeper}  ada.obi@gmail.com  Ada Obi     20  test
DELETE  ${twin}  Ada.Obi@Gmail.com  Ada Obi      0  test
1 to delete (`)
  })

  test('leaves out who has spent since, exit 6', async () => {
    const { shop, here, plan, twin } = await twins()
    await orafi(`customers duplicates --plan ${plan}`, here)
    await pay(shop.store, twin, 5)
    const { code, stdout } = await orafi(`customers delete --plan ${plan} --yes --json`, here)
    expect(code).toBe(6)
    expect(JSON.parse(stdout).leftOut).toEqual([{ id: twin, reason: 'has spent since the plan was made' }])
    expect(shop.store.count).toBe(4)
  })

  test('leaves out whose keeper is gone', async () => {
    const { shop, here, plan, keeper, twin } = await twins()
    await orafi(`customers duplicates --plan ${plan}`, here)
    await shop.store.replace(keeper, 'test', () => null)
    const { code, stdout } = await orafi(`customers delete --plan ${plan} --yes --json`, here)
    expect(code).toBe(6)
    expect(JSON.parse(stdout).leftOut[0]).toMatchObject({
      id: twin,
      reason: expect.stringContaining('is gone'),
    })
  })

  test('edited by a person deletes what they marked, and the spender guard looks at it', async () => {
    const { shop, here, plan, other } = await twins()
    await orafi(`customers duplicates --plan ${plan}`, here)
    const edited = JSON.parse(await readFile(plan, 'utf8'))
    for (const member of edited.groups[0].members) if (member.id === other) member.decision = 'delete'
    await writeFile(plan, JSON.stringify(edited))
    expect((await orafi(`customers delete --plan ${plan} --yes`, here)).code).toBe(0)
    expect(shop.store.count).toBe(2)
  })

  test('that is damaged, of a newer version, or names an id twice is refused by field', async () => {
    const { here, plan, twin, other } = await twins()
    await orafi(`customers duplicates --plan ${plan}`, here)
    const good = await readFile(plan, 'utf8')
    const apply = async (text: string) => {
      await writeFile(plan, text)
      return orafi(`customers delete --plan ${plan} --yes`, here)
    }
    expect(await apply(good.replace('"delete"', '"dleete"'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('groups[0].members[1].decision'),
    })
    for (const version of [1, 2, 4]) {
      const { code, stderr } = await apply(good.replace('"version": 3', `"version": ${version}`))
      expect([code, stderr]).toEqual([2, expect.stringContaining(`the plan has version ${version}, but`)])
      expect(stderr).toContain(`create the plan again: orafi customers duplicates --plan ${plan} --force`)
    }
    expect((await apply(good.replaceAll(other, twin))).code).toBe(2)
    expect((await apply('{')).stderr).toContain(`${plan}:1:`)
  })

  test('of another identity or mode is refused: 4; another key only warns', async () => {
    const { here, plan, shop } = await twins()
    await orafi(`customers duplicates --plan ${plan}`, here)
    expect(
      (await orafi(`customers delete --plan ${plan} --yes`, { ...here, env: { ORAFI_PROFILE: 'acme' } }))
        .code,
    ).toBe(4)
    expect(
      (await orafi(`customers delete --plan ${plan} --yes --live`, { ...here, key: shop.live.key })).code,
    ).toBe(4)
    const edited = (await readFile(plan, 'utf8')).replace(/"hash": "[0-9a-f]+"/, '"hash": "0000000000000000"')
    await writeFile(plan, edited)
    const rotated = await orafi(`customers delete --plan ${plan} --yes`, here)
    expect(rotated.code).toBe(0)
    expect(rotated.stderr).toContain('warning: the plan was made with another key')
  })

  test('can be undone like any other delete', async () => {
    const { shop, here, plan } = await twins()
    await orafi(`customers duplicates --plan ${plan}`, here)
    const { run } = JSON.parse((await orafi(`customers delete --plan ${plan} --yes --json`, here)).stdout)
    expect((await orafi(`runs undo ${run} --yes`, here)).code).toBe(0)
    expect(shop.store.count).toBe(4)
  })
})

describe('a review', () => {
  test('saves every decision in the plan, can be left and continued, and names the command that applies it', async () => {
    const { shop, here, plan, other } = await twins()
    const line = `customers duplicates --plan ${plan} --review`
    // To the third member, marked for deletion, then left.
    const first = await orafi(line, { ...here, tty: true, columns: 200, stdin: '3dq' })
    expect(first.code).toBe(0)
    expect(first.stderr).toContain('Group 1 of 1')
    expect(first.stderr).toContain(`orafi customers delete --plan ${plan}`)
    const marked = JSON.parse(await readFile(plan, 'utf8')).groups[0]
    expect(marked.members.find(({ id }: { id: string }) => id === other).decision).toBe('delete')
    expect(marked.reviewed).toBe(false)
    expect(first.stderr).toContain(`0 of 1 group decided, 2 to delete (2 in groups not decided yet)`)
    expect(first.stderr).toContain(`continue: orafi customers duplicates --plan ${plan} --review`)
    const second = await orafi(line, { ...here, tty: true, stdin: '\r' })
    expect(second.stderr).toContain('1 of 1 group decided, 2 to delete.')
    expect(second.stderr).not.toContain('continue:')
    expect(shop.store.count).toBe(4)
  })

  test('draws the screen once for many keys that are pressed or pasted together', async () => {
    const { here, plan } = await twins()
    const line = `customers duplicates --plan ${plan} --review`
    const { code, stderr } = await orafi(line, { ...here, tty: true, stdin: `${'z3'.repeat(2000)}dq` })
    expect(code).toBe(0)
    expect(stderr.split('\x1b[2J').length).toBeLessThan(10)
    expect(stderr).toContain('2 to delete')
  })

  test('shows the records side by side with their differences marked', async () => {
    const { here, plan } = await twins()
    const line = `customers duplicates --plan ${plan} --review`
    const how = { ...here, tty: true, columns: 120, stdin: 'q' } as const
    expect((await orafi(line, how)).stderr).toContain('\x1b[31m\x1b[1m▶ 2 DELETE')
    const { stderr } = await orafi(line, { ...how, env: { NO_COLOR: '1' } })
    // On the alternate screen, so that what was on the terminal is there again afterwards.
    expect(stderr).toMatch(/\x1b\[\?1049h\x1b\[2J[\s\S]+\x1b\[\?1049lSaved in/)
    expect(stderr).not.toContain('\x1b[3J')
    expect(stderr).toMatch(/firstname +Ada +Ada +≠ Chidi/)
    expect(stderr).toMatch(/ 1 keep +▶ 2 DELETE +3 undecided/)
    // In colour it is red instead.
    expect(stderr).toMatch(/totalSpent +SPENT 20 /)
    expect(stderr).toContain('Group 1 of 1 · 0 of 1 decided · 1 to delete')
  })

  test('with ACCESSIBLE=1 asks for the number of a choice, without symbols and cursor keys', async () => {
    const { here, plan } = await twins()
    const { code, stderr } = await orafi(`customers duplicates --plan ${plan} --review`, {
      ...here,
      env: { ACCESSIBLE: '1' },
      tty: true,
      // The third record is deleted, that is taken back, a mistyped choice, and a different person it is.
      stdin: '4\r1\r8\r12\r2\r5\r',
    })
    expect(code).toBe(0)
    expect(stderr).toContain('Record 2: DELETE\n')
    expect(stderr).toMatch(/Record 3: undecided\n.*\n +firstname: Chidi \(differs\)/)
    expect(stderr).toContain('1. delete record 3\n')
    expect(stderr).toContain('1. do not delete record 3\n')
    expect(stderr).toContain('Note: the last decision was undone')
    expect(stderr).toContain("not one of 1 to 9: '12'")
    expect(stderr).not.toMatch(/[≠▶·]/)
    expect(stderr).toContain('1 of 1 group decided, 1 to delete.')
    const [{ members }] = JSON.parse(await readFile(plan, 'utf8')).groups
    expect(members.map(({ decision }: { decision: string }) => decision)).toEqual(['keep', 'delete', 'out'])
  })

  test('does not overwrite a plan that was changed meanwhile', async () => {
    const { here, plan } = await twins()
    const { code, stderr } = await orafi(`customers duplicates --plan ${plan} --review`, {
      ...here,
      tty: true,
      columns: 200,
      stdin: 'd',
      onOutput({ stderr }) {
        if (stderr.includes('Group 1 of 1')) writeFileSync(plan, 'edited')
      },
    })
    expect(code).toBe(1)
    expect(stderr).toContain(`${plan} was changed during the review; the last decision was not saved`)
    expect(await readFile(plan, 'utf8')).toBe('edited')
  })

  test('Ctrl-C leaves it with 130, and needs a terminal and a plan', async () => {
    const { here, plan } = await twins()
    expect(
      (await orafi(`customers duplicates --plan ${plan} --review`, { ...here, tty: true, stdin: '\x03' }))
        .code,
    ).toBe(130)
    expect((await orafi(`customers duplicates --plan ${plan} --review`, here)).code).toBe(2)
    expect((await orafi('customers duplicates --review', { ...here, tty: true })).code).toBe(2)
  })
})
