import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../support/api.ts'
import { beside, bin, binary, freshEnvironment } from '../support/binary.ts'

/** Runs the built program under a shell's redirections and limits. */
function inShell(script: string, env: Record<string, string>) {
  return execa('bash', ['-c', script, 'bash', process.execPath, bin], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
    input: '',
  })
}

async function place(count: number) {
  const api = await startApi(Array.from({ length: count }, (_, index) => harmless(`c_${index}`)))
  const env = await freshEnvironment({ ORAFI_API_KEY: api.test.key ?? '', ORAFI_BASE_URL: api.url })
  const file = join(env.HOME ?? '', 'people.csv')
  const rows = Array.from({ length: count }, (_, index) => `N${index},Obi,n${index}@x.example`)
  await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
  return { api, env, file, ids: [...api.records.keys()].join(' ') }
}

async function runsIn(env: Record<string, string>): Promise<string[]> {
  const names = await readdir(join(env.ORAFI_STATE_DIR ?? '', 'runs')).catch(() => [])
  return names.filter((name) => name.endsWith('.ndjson')).map((name) => name.replace('.ndjson', ''))
}

const full = 'the output could not be written: the disk is full; completed changes are kept'

describe('a change is reported although stdout cannot be written', () => {
  test('a create reports the id, and exits with 0', async () => {
    const { api, env } = await place(0)
    const create = '"$@" customers create --firstname Ada --lastname Obi --email a@x.example'
    const { exitCode, stderr } = await inShell(`${create} --quiet >/dev/full`, env)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^Created customer new_1 \(.*\)\nundo: .*\nwarning: /)
    expect(stderr).toContain(`warning: ${full}`)
    const json = await inShell(`${create} --json >/dev/full`, env)
    expect(json.exitCode).toBe(0)
    expect(JSON.parse(json.stderr.split('\n').at(-1) ?? '')).toEqual({
      warning: { code: 'output_failed', message: full, id: 'new_2' },
    })
    expect(api.created).toHaveLength(2)
  })

  test.each([
    ['a full disk', '>/dev/full', full],
    [
      'a reader that went away',
      '| true',
      'the output could not be written: the reader closed the pipe; completed changes are kept',
    ],
  ])('a delete says its run and counts, on %s', async (_what, redirection, message) => {
    const { api, env, ids } = await place(3)
    const piped = `set -o pipefail; "$@" customers delete ${ids} --yes --json --quiet ${redirection}`
    const { exitCode, stderr } = await inShell(piped, env)
    expect(exitCode).toBe(0)
    const [run] = await runsIn(env)
    expect(stderr).toContain(`3 deleted`)
    expect(stderr).toContain(`\nDeleted: ${ids.replaceAll(' ', ', ')}\n`)
    expect(JSON.parse(stderr.split('\n').at(-1) ?? '')).toEqual({
      warning: { code: 'output_failed', message, run },
    })
    expect(api.deleted).toHaveLength(3)
  })

  test('so do an import and both kinds of undo, with the exit code of the change', async () => {
    const { env, file, ids } = await place(3)
    const imported = await inShell(`"$@" customers import ${file} --json -q >/dev/full`, env)
    expect(imported.exitCode).toBe(0)
    expect(imported.stderr).toMatch(/3 created.*\nundo: orafi runs undo \S+\n\{"warning"/)
    const [first = ''] = await runsIn(env)
    const undone = await inShell(`"$@" runs undo ${first} --yes -q >/dev/full`, env)
    expect(undone.exitCode).toBe(0)
    expect(undone.stderr).toContain('3 deleted')
    await beside(`customers delete ${ids} gone --yes`, env)
    const runs = JSON.parse((await beside('runs list --json', env)).stdout).data
    const deletion = runs.find(({ command }: { command: string }) => command === 'delete').run
    const again = await inShell(`"$@" runs undo ${deletion} --yes -q >/dev/full`, env)
    expect([again.exitCode, again.stderr]).toEqual([0, expect.stringContaining('3 created again')])
    expect(again.stderr).toContain('\nCreated again: c_0 as new_4, c_1 as new_5, c_2 as new_6\nwarning: ')
    const partial = await inShell(`"$@" customers delete new_4 gone --yes -q >/dev/full`, env)
    expect(partial.exitCode).toBe(6)
    expect(partial.stderr).toMatch(/\nDeleted: new_4\nNot found: gone\nwarning: .*\nerror: /)
    const missing = await inShell(`"$@" customers delete gone --yes --json -q >/dev/full`, env)
    expect(missing.exitCode).toBe(3)
    expect(missing.stderr).toContain('Not found: gone\n')
  })

  test('runs forget and sandbox reset report what they erased', async () => {
    const { env, ids } = await place(2)
    await beside(`customers delete ${ids} --yes`, env)
    const [run] = await runsIn(env)
    const forgotten = await inShell(`"$@" runs forget ${run} --yes -q >/dev/full`, env)
    expect(forgotten.exitCode).toBe(0)
    expect(forgotten.stderr).toMatch(
      new RegExp(`\n2 records permanently erased in 1 run, .*\nno undo.*\nErased: ${run}\nwarning: ${full}$`),
    )
    for (const redirection of ['>/dev/full', '| true']) {
      const reset = await inShell(`set -o pipefail; "$@" sandbox reset --yes --json -q ${redirection}`, env)
      expect(reset.exitCode).toBe(0)
      expect(reset.stderr).toContain('SANDBOX reset to its initial data')
      expect(JSON.parse(reset.stderr.split('\n').at(-1) ?? '').warning).toEqual({
        code: 'output_failed',
        message: expect.stringContaining('completed changes are kept'),
      })
    }
  })

  test('a create whose output is larger than a file may be', async () => {
    const { api, env } = await place(0)
    const out = join(env.HOME ?? '', 'out.json')
    const create = `"$@" customers create --firstname Ada --lastname Obi --email a@x.example --json`
    const { exitCode, stderr } = await inShell(`ulimit -f 0; ${create} >${out}`, env)
    expect(exitCode).toBe(0)
    expect(stderr).toContain('Created customer new_1 (')
    expect(stderr).toContain('the file would exceed the size limit; completed changes are kept')
    expect(api.created).toHaveLength(1)
  })

  test('a reading command that cannot write says so and fails', async () => {
    const { env } = await place(3)
    const { exitCode, stderr } = await inShell('"$@" customers list >/dev/full', env)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('the disk is full')
    expect(stderr).not.toContain('should not happen')
  })
})

describe('a journal that becomes unwritable', () => {
  const count = 250

  test('stops a delete at once, which reports exactly what was done, once', async () => {
    const { api, env, ids } = await place(count)
    const { exitCode, stdout, stderr } = await inShell(
      `ulimit -f 24; "$@" customers delete ${ids} --yes --json --max-delete ${count}`,
      env,
    )
    expect(exitCode).toBe(1)
    const { run, deleted, notSent, ...others } = JSON.parse(stdout)
    expect(others).toEqual({ notFound: [], failed: [], leftOut: [] })
    expect([...deleted].sort()).toEqual([...api.deleted].sort())
    expect(deleted.length).toBeGreaterThan(0)
    expect(deleted.length + notSent.length).toBe(count)
    expect(stderr).toContain(`${deleted.length} deleted, ${notSent.length} not sent of ${count}`)
    expect(stderr.match(/"error"/g)).toHaveLength(1)
    expect(JSON.parse(stderr.split('\n').at(-1) ?? '').error).toMatchObject({ code: 'local_error' })
    // Nothing was deleted that the journal does not know.
    const text = await readFile(join(env.ORAFI_STATE_DIR ?? '', 'runs', `${run}.ndjson`), 'utf8')
    for (const id of deleted) expect(text).toContain(`{"type":"intent","item":"${id}"`)
  })

  test('stops an import and an undo too, and running them again does the rest, nothing twice', async () => {
    const { api, env, file, ids } = await place(count)
    const limited = await inShell(`ulimit -f 24; "$@" customers import ${file} --json`, env)
    expect(limited.exitCode).toBe(1)
    const { created, skipped, rejected, undecided, notSent } = JSON.parse(limited.stdout)
    expect([skipped, rejected, undecided]).toEqual([0, 0, 0])
    expect(created).toBe(api.created.length)
    expect(created + notSent).toBe(count)
    const known = JSON.parse((await beside('runs show last --json', env)).stdout).done
    expect(known).toBeLessThan(created)
    expect(limited.stderr).toMatch(
      new RegExp(`${known} of ${created} created are in the journal.*; those of lines \\d`),
    )
    await binary(['customers', 'import', file, '--timeout', '0.2'], env)
    expect(new Set(api.created).size).toBe(count)
    expect(api.created).toHaveLength(count)

    await beside(`customers delete ${ids} --yes --max-delete ${count}`, env)
    const runs = JSON.parse((await beside('runs list --json', env)).stdout).data
    const deletion = runs.find(({ command }: { command: string }) => command === 'delete').run
    const undo = await inShell(`ulimit -f 24; "$@" runs undo ${deletion} --yes --json`, env)
    expect(undo.exitCode).toBe(1)
    const first = JSON.parse(undo.stdout)
    expect(first.undone.length).toBeGreaterThan(0)
    expect(first.undone.length).toBe(api.created.length - count)
    expect(first.undone.length + first.notSent.length).toBe(count)
    const second = await binary(['runs', 'undo', deletion, '--yes', '--json'], env)
    const { undone, undecided: lost } = JSON.parse(second.stdout)
    // Those whose outcome the full disk took along stay undecided; nobody is created twice.
    expect(first.undone.length + undone.length + lost.length).toBeGreaterThanOrEqual(count)
    const again = api.created.slice(count)
    expect(new Set(again).size).toBe(again.length)
    expect(again.length + lost.length).toBeGreaterThanOrEqual(count)
  })
})
