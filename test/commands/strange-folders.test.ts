import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'
import { strangeThings } from '../support/strange.ts'

const linux = process.platform === 'linux'
const ada = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com', mode: ['test'] } as const

/** What ORAFI_STATE_DIR or ORAFI_CONFIG_DIR may be by mistake, where nothing can be kept. */
const useless: Record<string, (home: string) => string | Promise<string>> = {
  'a device': () => '/dev/null',
  'below a device': () => '/dev/full/x',
  'a file': async (home) => {
    await writeFile(join(home, 'file'), '')
    return join(home, 'file')
  },
  'below a file': async (home) => {
    await writeFile(join(home, 'file'), '')
    return join(home, 'file', 'deep', 'er')
  },
  'a named pipe': async (home) => {
    await strangeThings['a named pipe'](join(home, 'pipe'))
    return join(home, 'pipe')
  },
  'a link that leads nowhere': async (home) => {
    await symlink(join(home, 'nowhere'), join(home, 'link'))
    return join(home, 'link')
  },
  'a link to itself': async (home) => {
    await symlink(join(home, 'link'), join(home, 'link'))
    return join(home, 'link')
  },
  'a name that is too long': (home) => join(home, 'x'.repeat(300)),
  'a path that is too long': (home) => join(home, ...Array<string>(600).fill('deep-deep')),
  ...(linux ? { 'below /proc': () => '/proc/orafi', '/proc/self/fd': () => '/proc/self/fd' } : {}),
}

describe.each(Object.entries(useless))('ORAFI_STATE_DIR is %s', (_, make) => {
  test.each([
    ['customers delete ID --yes', 1],
    ['customers import FILE --yes', 1],
    ['customers list', 0],
    ['whoami', 0],
    ['login --with-key --no-verify', 0],
  ])('%s ends with %i, and nothing was changed', async (line, expected) => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const { id } = await shop.store.create(ada)
    const file = join(home, 'people.csv')
    await writeFile(file, 'firstname,lastname,email\nBea,Obi,bea@example.com\n')
    const { code, stderr } = await orafi(line.replace('ID', id).replace('FILE', file), {
      ...shop.test,
      home,
      stdin: shop.test.key,
      env: { ORAFI_STATE_DIR: await make(home) },
    })
    expect(code, stderr).toBe(expected)
    if (expected === 1) expect(stderr).toMatch(/error: cannot .*\nhint: .*ORAFI_STATE_DIR/)
    expect(shop.store.count).toBe(1)
  })
})

describe.each(Object.entries(useless))('ORAFI_CONFIG_DIR is %s', (name, make) => {
  test('login ends with 1 before it says that the key is kept', async () => {
    const home = await temporaryFolder()
    const { code, stderr } = await orafi('login --with-key --no-verify', {
      home,
      stdin: `ora_test_${'t'.repeat(30)}1111`,
      env: { ORAFI_CONFIG_DIR: await make(home) },
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: cannot .*\nhint: .*ORAFI_CONFIG_DIR/)
  })

  // What /proc refuses shows only when it is tried.
  if (!name.includes('/proc')) {
    test('login asks nobody for a key that could not be kept', async () => {
      const home = await temporaryFolder()
      const env = { ORAFI_CONFIG_DIR: await make(home) }
      const { code, stderr } = await orafi('login --no-verify', { home, env, tty: true, stdin: '\x04' })
      expect(code).toBe(1)
      expect(stderr).not.toContain('API key')
    })
  }

  test.each(['customers list', 'whoami', 'customers get ID', 'customers delete ID --yes'])(
    '%s does without it, where the key is in the environment',
    async (line) => {
      const shop = await openShop()
      const home = await temporaryFolder()
      const { id } = await shop.store.create(ada)
      const { code, stderr } = await orafi(line.replace('ID', id), {
        ...shop.test,
        home,
        env: { ORAFI_CONFIG_DIR: await make(home) },
      })
      // whoami says what is wrong with the config, too.
      expect(line === 'whoami' ? [0, 1] : [0], stderr).toContain(code)
    },
  )

  test('without a key it says what is wrong, or that no key is stored', async () => {
    const home = await temporaryFolder()
    const env = { ORAFI_CONFIG_DIR: await make(home) }
    for (const line of ['customers list', 'whoami', 'logout --all', 'use test']) {
      const { code, stderr } = await orafi(line, { home, env })
      expect(stderr, line).toMatch(/not signed in|no default profile|No keys were stored|cannot read/)
      expect([0, 1, 4]).toContain(code)
    }
  })
})

test.each(['new\nline', '\x1b[31mred', "quote'd", ' '])(
  'a folder called %j is one like any other, and nothing of its name acts on a terminal',
  async (name) => {
    const home = await temporaryFolder()
    const env = { ORAFI_CONFIG_DIR: join(home, name, 'c'), ORAFI_STATE_DIR: join(home, name, 's') }
    const login = await orafi('login --with-key --no-verify', {
      home,
      env,
      stdin: `ora_test_${'t'.repeat(30)}1111`,
    })
    expect(login.code).toBe(0)
    const created = await orafi('customers create --sandbox --firstname A --lastname B --email a@b.co', {
      home,
      env,
    })
    expect(created.code).toBe(0)
    const [id] = created.stdout.split('\t')
    expect(await orafi(`customers delete ${id} --sandbox --yes`, { home, env })).toMatchObject({ code: 0 })
    expect(await orafi('runs list', { home, env })).toMatchObject({ code: 0 })
    const out = await orafi('logout --all', { home, env })
    expect(out.code).toBe(0)
    expect(login.stderr + out.stderr).not.toMatch(/[^\P{Cc}\n]/u)
    expect(login.stderr).toContain(name === 'new\nline' ? '/new\\x0aline/c/config.json' : '/c/config.json')
  },
)
