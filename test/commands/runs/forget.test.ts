import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { begin, begun, deleted, person } from '../../journal/journal.ts'
import { createClock } from '../../support/clock.ts'
import { orafi } from '../../support/orafi.ts'
import { newHome } from './runs.ts'

const textOf = (folder: string, id: string): string => readFileSync(join(folder, `${id}.ndjson`), 'utf8')

describe('orafi runs forget', () => {
  test('erases the personal data of a run and says of how many records', async () => {
    const { home, folder } = await newHome()
    const id = await deleted(folder, ['c_1', 'c_2'])
    const { code, stdout, stderr } = await orafi(`runs forget ${id} --yes --json`, { home })
    expect([code, stdout]).toEqual([0, `{"runs":[{"run":"${id}","erased":2}],"erased":2}\n`])
    expect(stderr).toBe(
      `erased Name-c_1, c_1@private.example (c_1) in ${id}\n` +
        `erased Name-c_2, c_2@private.example (c_2) in ${id}\n` +
        `2 records permanently erased in 1 run, in ${folder}\n` +
        'no undo. Plans, exports and files of rejected rows were not touched.\n',
    )
    expect(textOf(folder, id)).not.toContain('private')
    const again = await orafi(`runs forget ${id}`, { home })
    expect([again.code, again.stdout, again.stderr]).toEqual([
      0,
      '',
      'nothing to erase: the journal has only ids and outcomes of this\n',
    ])
    expect((await orafi(`runs show ${id}`, { home })).stderr).toContain('it cannot be undone')
  })

  test('asks first, and shows which runs', async () => {
    const { home, folder } = await newHome()
    const id = await deleted(folder, ['c_1'])
    const declined = await orafi(`runs forget ${id}`, { home, tty: true, stdin: 'n\n' })
    expect(declined.code).toBe(7)
    expect(declined.stderr).toContain(`${id}  delete  1 record  sandbox test`)
    expect(declined.stderr).toContain('Permanently erase the personal data of 1 record in 1 run?')
    expect(textOf(folder, id)).toContain('private')
    expect((await orafi(`runs forget ${id}`, { home, tty: true, stdin: 'y\n' })).code).toBe(0)
    expect(textOf(folder, id)).not.toContain('private')
  })

  test('changes nothing without a prompt', async () => {
    const { home, folder } = await newHome()
    const id = await deleted(folder, ['c_1'])
    const { code, stderr } = await orafi(`runs forget ${id}`, { home })
    expect(code).toBe(2)
    expect(stderr).toContain('--yes')
    expect(textOf(folder, id)).toContain('private')
  })

  test('takes all runs older than so many days', async () => {
    const { home, folder } = await newHome()
    const day = 86_400_000
    const old = await deleted(folder, ['c_1'])
    const young = await deleted(folder, ['c_2'], begun + 2 * day)
    const clock = createClock(begun + 91 * day)
    const { code, stdout } = await orafi('runs forget --older-than 90d --yes', { home, clock })
    expect([code, stdout]).toEqual([0, `${old}\t1\n`])
    expect(textOf(folder, young)).toContain('private')
  })

  test('takes one customer out of all runs', async () => {
    const { home, folder } = await newHome()
    const first = await deleted(folder, ['c_1', 'c_2'])
    const second = await deleted(folder, ['c_1'], begun + 1000)
    const { code, stdout } = await orafi('runs forget --customer c_1 --yes', { home })
    expect([code, stdout]).toEqual([0, `${second}\t1\n${first}\t1\n`])
    expect(textOf(folder, first) + textOf(folder, second)).not.toContain('c_1@private')
    expect(textOf(folder, first)).toContain('c_2@private')
    expect((await orafi('runs forget --customer c_1', { home })).code).toBe(0)
  })

  test('refuses a run in progress', async () => {
    const { home, folder } = await newHome()
    const run = await begin(folder)
    await run.intend([{ item: 'c_1', at: begun, record: person('c_1') }])
    const { code, stderr } = await orafi(`runs forget ${run.id} --yes`, { home })
    expect(code).toBe(1)
    expect(stderr).toContain(`runs in progress: ${run.id}`)
    await run.close()
    expect(textOf(folder, run.id)).toContain('private')
  })

  test('erases what it can and then fails, where a run is damaged or going on', async () => {
    const { home, folder } = await newHome()
    const good = await deleted(folder, ['c_1'])
    const bad = await deleted(folder, ['c_1'], begun + 1000)
    appendFileSync(join(folder, `${bad}.ndjson`), 'x\n')
    const damaged = await orafi('runs forget --customer c_1 --yes', { home })
    expect([damaged.code, damaged.stdout]).toEqual([1, `${good}\t1\n`])
    expect(damaged.stderr).toContain(`${bad}.ndjson, line 5 is damaged`)
    expect((await orafi(`runs forget ${bad} --yes`, { home })).code).toBe(1)
  })

  test.each([
    ['', 'specify exactly one of RUN, customers and --older-than'],
    ['20261124-081535-abcd --customer c_1', 'specify exactly one of RUN, customers and --older-than'],
    ['--older-than 3', 'days, weeks or years'],
    ['--older-than 6m', 'days, weeks or years'],
    ["--customer ''", 'an id is empty'],
  ])('takes exactly one thing to forget: %s', async (args, message) => {
    const { code, stderr } = await orafi(`runs forget ${args} --yes`)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  test('takes a customer by e-mail, in any case, wherever it occurs', async () => {
    const { home, folder } = await newHome()
    const first = await deleted(folder, ['c_1', 'c_2'])
    const other = await begin(folder, { command: 'import' }, begun + 1000)
    await other.intend([{ item: 'r0', at: begun, hash: 'h0' }])
    await other.conclude([
      {
        item: 'r0',
        at: begun,
        outcome: 'rejected',
        code: 'api_error',
        message: 'C_1@Private.Example is taken.',
      },
    ])
    await other.close()
    const { code, stdout, stderr } = await orafi('runs forget --customer C_1@private.example --yes', { home })
    expect([code, stdout]).toEqual([0, `${other.id}\t1\n${first}\t1\n`])
    expect(stderr).toContain(`\n2 records permanently erased in 2 runs, in ${folder}\n`)
    const left = textOf(folder, first) + textOf(folder, other.id)
    expect(left.toLowerCase()).not.toContain('c_1@private')
    expect(left).toContain('c_2@private')
    // Now nobody knows the e-mail any more; the id is known still, and nothing of it is left.
    expect((await orafi('runs forget --customer c_1@private.example --yes', { home })).code).toBe(3)
    expect((await orafi('runs forget --customer c_1 --yes', { home })).code).toBe(0)
  })

  test('leaves those alone whose address only contains it', async () => {
    const { home, folder } = await newHome()
    const run = await deleted(folder, ['nc_1', 'c_1', 'c_1.b'])
    await orafi('runs forget --customer c_1@private.example --yes', { home })
    expect(textOf(folder, run)).toContain('nc_1@private.example')
    expect(textOf(folder, run)).toContain('c_1.b@private.example')
    expect(textOf(folder, run)).not.toMatch(/"c_1@private/)
  })

  test('also takes the new id that an undo created for the customer with the e-mail', async () => {
    const { home, folder } = await newHome()
    const run = await deleted(folder, ['c_1'])
    const undo = await begin(folder, { command: 'undo', undoes: run }, begun + 1000)
    await undo.intend([{ item: 'c_1', at: begun }])
    await undo.conclude([{ item: 'c_1', at: begun, outcome: 'created', newId: 'c_7' }])
    await undo.close()
    const again = await begin(folder, {}, begun + 2000)
    // Under the new id the customer has another e-mail by now.
    await again.intend([
      { item: 'c_7', at: begun, record: { ...person('c_7'), email: 'new@private.example' } },
    ])
    await again.close()
    expect((await orafi('runs forget --customer c_1@private.example --yes', { home })).code).toBe(0)
    expect(textOf(folder, again.id)).not.toContain('private')
  })

  test('takes several at once, by id and e-mail', async () => {
    const { home, folder } = await newHome()
    const run = await deleted(folder, ['c_1', 'c_2', 'c_3'])
    const line = 'runs forget --customer c_1 --customer c_3@private.example --yes'
    expect((await orafi(line, { home })).stdout).toBe(`${run}\t2\n`)
    expect(textOf(folder, run)).toMatch(/c_2@private/)
    expect(textOf(folder, run)).not.toMatch(/c_[13]@private/)
  })

  test.each(['c_9', 'nobody@x.example', '1@private.example'])(
    'of somebody whom no run knows is not found, and never says that nothing is left: %s',
    async (stranger) => {
      const { home, folder } = await newHome()
      const run = await deleted(folder, ['c_1'])
      const { code, stdout, stderr } = await orafi(`runs forget --customer ${stranger} --yes`, { home })
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toContain(`the customer '${stranger}' is not in the journal`)
      expect((await orafi(`runs forget --customer c_1 --customer ${stranger} --yes`, { home })).code).toBe(3)
      expect(textOf(folder, run)).toContain('private')
    },
  )

  test('takes customers by id and e-mail as arguments, names them, and asks', async () => {
    const { home, folder } = await newHome()
    const first = await deleted(folder, ['c_1', 'c_2'])
    const second = await deleted(folder, ['c_1'], begun + 1000)
    const line = 'runs forget c_1 C_2@private.example'
    const { code, stderr } = await orafi(line, { home, tty: true, columns: 200, stdin: 'n\n' })
    expect(code).toBe(7)
    expect(stderr).toContain(`  Name-c_1, c_1@private.example (c_1) in ${second}, ${first}\n`)
    const erased = await orafi(`${line} --yes`, { home })
    expect(erased.stderr).toContain(`erased Name-c_1, c_1@private.example (c_1) in ${second}, ${first}\n`)
    expect(erased.stderr).toContain(`erased Name-c_2, c_2@private.example (c_2) in ${first}\n`)
    expect(textOf(folder, first) + textOf(folder, second)).not.toContain('private')
  })

  test('does not take somebody whose e-mail only looks the same, but says so', async () => {
    const { home, folder } = await newHome()
    const run = await begin(folder)
    const emails = ['ali@private.example', 'alı@private.example']
    await run.intend(
      emails.map((email, index) => ({
        item: `c_${index}`,
        at: begun,
        record: { ...person(`c_${index}`), email },
      })),
    )
    await run.close()
    const { code, stderr } = await orafi('runs forget ali@private.example --yes', { home })
    expect(code).toBe(0)
    expect(stderr).toContain(
      'warning: alı@private.example (c_1) was not erased, since its e-mail is spelled differently',
    )
    expect(textOf(folder, run.id)).toContain('alı@private.example')
    const gone = await orafi('runs forget ali@private.example --yes', { home })
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('alı@private.example (c_1)')])
  })

  test('says where a search of the folder would still find them', async () => {
    const { home, folder } = await newHome()
    await deleted(folder, ['c_1'])
    const spooled = join(home, 'state', 'spool', 'scratch~elsewhere~1~1~abc')
    mkdirSync(join(home, 'state', 'spool'))
    writeFileSync(spooled, `${'x'.repeat(70_000)}\nc_2,C_1@private.example\n`)
    const { code, stderr } = await orafi('runs forget c_1 --yes', { home })
    expect(code).toBe(0)
    expect(stderr).toContain(`warning: the e-mail or the name is still in ${spooled}\n`)
    const unknown = await orafi('runs forget c_1@private.example --yes', { home })
    expect([unknown.code, unknown.stderr]).toEqual([
      3,
      expect.stringContaining(`still in ${spooled}\nerror: `),
    ])
  })

  test('removes the copy of a run that a killed forget left behind', async () => {
    const { home, folder } = await newHome()
    const run = await deleted(folder, ['c_1'])
    const copy = join(folder, `.${run}.ndjson.0123456789ab.tmp`)
    writeFileSync(copy, textOf(folder, run))
    expect((await orafi('runs forget --customer c_1@private.example --yes', { home })).code).toBe(0)
    expect(readdirSync(folder)).toEqual([`${run}.ndjson`])
  })

  test('tells what was erased before the disk refused', async () => {
    const { home, folder } = await newHome()
    const older = await deleted(folder, ['c_1'])
    const newer = await deleted(folder, ['c_1'], begun + 1000)
    // The lock of the older run cannot be taken: something that is no lock stands there.
    mkdirSync(join(folder, `${older}.lock`))
    const { code, stdout, stderr } = await orafi('runs forget --customer c_1 --yes', { home })
    expect([code, stdout]).toEqual([1, `${newer}\t1\n`])
    expect(stderr).toContain(`${older}.lock`)
  })

  test('of a run that is not there is not found', async () => {
    expect((await orafi('runs forget 20261124-081535-abcd --yes')).code).toBe(3)
  })
})
