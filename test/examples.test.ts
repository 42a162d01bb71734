import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { topicNames } from '../src/reference/layout.ts'
import { orafi, words } from './support/orafi.ts'
import { type Did, openShell, type Shell } from './support/shell.ts'
import { openShop } from './support/shop.ts'

const melvin = 'cmjr4c7qq0000v8hozkzz4em5'
const kwame = 'cmktd9dva000047sr8nh7i8ow'

/** How a line is run, and what it claims to do. */
interface Claim {
  /** What has to be there: files of the user's own, an earlier run. */
  readonly before?: (shell: Shell) => Promise<unknown>
  /** What a person types, a line a question; without it nobody is there. */
  readonly typed?: string
  readonly code?: number
  readonly does: (did: Did, shell: Shell) => unknown
}

const people = 'firstname,lastname,email\nChi,Eze,chi@example.com\nBo,Li,bo@example.com\n'
const withPeople = (shell: Shell) => shell.write('people.csv', people)
const withOne = (name: string) => (shell: Shell) => shell.write(name, `${kwame}\n`)
const withPlan = async (shell: Shell) => {
  expect(await shell.run('orafi customers duplicates --plan plan.json')).toMatchObject({ code: 0 })
  await onlyOneGroup(shell)
}
const deleteMelvin = (shell: Shell) => shell.run(`orafi customers delete ${melvin} --yes`)
/** A run has the id of its time; here it gets that of the examples. */
const withRun = (id: string) => async (shell: Shell) => {
  await deleteMelvin(shell)
  const made = (await shell.run("orafi runs list --json | jq -r '.data[0].run'")).stdout.trim()
  const path = (run: string): string => join(shell.home, 'state', 'runs', `${run}.ndjson`)
  await writeFile(path(made), (await readFile(path(made), 'utf8')).replace(made, id))
  await rename(path(made), path(id))
}

/** A plan of the whole shop deletes many; one group is enough to see that it is applied. */
async function onlyOneGroup(shell: Shell): Promise<void> {
  const plan = JSON.parse(await shell.read('plan.json'))
  plan.groups = plan.groups
    .filter(({ members }: { members: { decision: string }[] }) =>
      members.some(({ decision }) => decision === 'delete'),
    )
    .slice(0, 1)
  await shell.write('plan.json', JSON.stringify(plan))
}

const isThere = async (shell: Shell, id: string) => (await shell.run(`orafi customers get ${id}`)).code === 0
const prints =
  (...patterns: RegExp[]) =>
  ({ stdout }: Did): void => {
    for (const pattern of patterns) expect(stdout).toMatch(pattern)
  }
const rows = ({ stdout }: Did): string[] => stdout.trimEnd().split('\n')
const printsEverySpender = (did: Did): void => {
  expect(rows(did).length).toBeGreaterThan(5)
  for (const row of rows(did)) expect(Number(row.split('\t')[5])).toBeGreaterThan(500)
}
/** Prints how many rows another line prints. */
const printsRowsOf = (line: string) => async (did: Did, shell: Shell) =>
  expect(did.stdout).toBe(`${rows(await shell.run(line)).length}\n`)
const findsMelvin = prints(/^cmjr4c7qq0000v8hozkzz4em5\tMelvin\tCharles\tmekus@orafi\.app\t[^\n]+\n$/)
const deletesMelvin = async (_: Did, shell: Shell) => expect(await isThere(shell, melvin)).toBe(false)
const bringsMelvinBack = async (_: Did, shell: Shell) =>
  findsMelvinByMail(await shell.run('orafi customers find mekus@orafi.app --by email'))
const findsMelvinByMail = prints(/^c\w{24}\tMelvin\tCharles\tmekus@orafi\.app\t/)
const forgetsMelvin = async (_: Did, shell: Shell) => {
  for (const run of JSON.parse((await shell.run('orafi runs list --json')).stdout).data) {
    expect((await shell.run(`orafi runs show ${run.run} --json`)).stdout).not.toMatch(/mekus/)
  }
}
const deletesNobody = async (_: Did, shell: Shell) => {
  for (const id of [melvin, kwame]) expect(await isThere(shell, id)).toBe(true)
}
const explains =
  (...patterns: RegExp[]): Claim['does'] =>
  (did) =>
    prints(/\n {2}\$ orafi /, ...patterns)(did)

const claims: Readonly<Record<string, Claim>> = {
  // customers
  'orafi customers list --spent ABOVE500USDT': { does: printsEverySpender },
  'orafi customers list --spent ABOVE500USDT --limit 3': { does: (did) => expect(rows(did)).toHaveLength(3) },
  'orafi customers list --sandbox --spent ABOVE500USDT': { does: printsEverySpender },
  'orafi customers list --mode live --spent ABOVE500USDT': { does: printsEverySpender },
  'orafi customers list --sandbox': { does: (did) => expect(rows(did)).toHaveLength(20) },
  'ORAFI_SANDBOX=1 orafi customers list': { does: (did) => expect(rows(did)).toHaveLength(20) },
  'orafi customers list --all --ndjson | jq -r .email': {
    does: (did) => {
      expect(rows(did).length).toBeGreaterThan(100)
      for (const row of rows(did)) expect(row).toMatch(/^\S+@\S+$/)
    },
  },
  'orafi customers list --all --table | less': {
    does: (did) => {
      expect(did.stdout).toMatch(/^ID +FIRST +LAST +EMAIL +SPENT\n/)
      expect(rows(did).length).toBeGreaterThan(100)
    },
  },
  'orafi customers list --created-after 2026-01-01 --csv > january.csv': {
    does: async (_, shell) => expectCsvSince2026(await shell.read('january.csv')),
  },
  'orafi customers list --created-after 2026-01-01 --all --csv --excel-safe > january.csv': {
    does: async (_, shell) => expectCsvSince2026(await shell.read('january.csv')),
  },
  'orafi customers list --all --csv --excel-safe > customers.csv': {
    does: async (_, shell) =>
      expect(await shell.read('customers.csv')).toMatch(/^\ufeffid,.*\r\n(?:.*\r\n){100}/),
  },
  "orafi customers list --all --ndjson | jq -r 'select(.totalSpent > 100) | .email'": {
    does: prints(/^(\S+@\S+\n){20,}$/),
  },
  "orafi customers list --all --json | jq '[.data[].totalSpent] | add * 100 | round / 100'": {
    does: prints(/^\d{4,}(\.\d\d?)?\n$/),
  },
  'orafi customers count': { does: prints(/^1\d\d\n$/) },
  'orafi customers count --mode live --spent ABOVE500USDT': {
    does: printsRowsOf('orafi customers list --all --mode live --spent ABOVE500USDT'),
  },
  'orafi customers count --created-after 2026-01-01 --json | jq .count': {
    does: printsRowsOf('orafi customers list --all --created-after 2026-01-01'),
  },
  [`orafi customers get ${melvin}`]: { does: findsMelvin },
  'orafi customers get mekus@orafi.app': { does: findsMelvin },
  [`orafi customers get ${melvin} ${kwame} --json | jq length`]: { does: prints(/^2\n$/) },
  'orafi customers get nobody --json 2> error.json || jq -r .error.code error.json': {
    does: prints(/^not_found\n$/),
  },
  'orafi customers get nobody --json 2> error.json || jq -r .error.message error.json': {
    does: prints(/no customer nobody/),
  },
  'orafi customers find mekus@orafi.app --by email': { does: findsMelvin },
  'orafi customers find melvin charles': { does: findsMelvin },
  'orafi customers find melvin charles --json': {
    does: ({ stdout }) => expect(JSON.parse(stdout).data).toMatchObject([{ id: melvin }]),
  },
  "orafi customers find obi --mode live --json | jq -r '.data[].id'": { does: prints(/^(c\w{24}\n){3,}$/) },
  'orafi customers find @oldshop.example --by email --fields id > old.txt': {
    does: async (_, shell) => expect(await shell.read('old.txt')).toMatch(/^(c\w{24}\n){3}$/),
  },
  "orafi customers find kwame.agyeman@gmail.com --by email --json | jq -r '.data[0].id'": {
    does: prints(new RegExp(`^${kwame}\\n$`)),
  },
  'orafi customers find kwame.agyeman@gmial.com': {
    code: 3,
    does: ({ stderr }) => expect(stderr).toContain('hint: nearest: kwame.agyeman@gmail.com'),
  },
  'orafi customers create --firstname Ada --lastname Obi --email ada@example.com': {
    does: async (_, shell) =>
      prints(/Ada\tObi/)(await shell.run('orafi customers find ada@example.com --by email')),
  },
  'orafi customers create --firstname Ada --lastname Obi --email ada@example.com --if-missing --json | jq -r .id':
    {
      does: async (did, shell) => {
        prints(/^c\w{24}\n$/)(did)
        const again = await shell.run(
          'orafi customers create --firstname A --lastname O --email Ada@example.com --if-missing --fields id',
        )
        expect(again.stdout).toBe(did.stdout)
      },
    },
  'orafi customers create --sandbox': {
    typed: 'Ada\nObi\nada@example.com\n',
    does: async (_, shell) =>
      prints(/Ada\tObi/)(await shell.run('orafi customers find ada@example.com --by email')),
  },
  [`orafi customers delete ${melvin}`]: { typed: 'y\n', does: deletesMelvin },
  'orafi customers delete mekus@orafi.app': { typed: 'y\n', does: deletesMelvin },
  [`orafi customers delete ${kwame}`]: {
    typed: 'y\n',
    does: async (_, shell) => expect(await isThere(shell, kwame)).toBe(false),
  },
  [`orafi customers delete ${melvin} --dry-run`]: { does: deletesNobody },
  [`orafi customers delete ${melvin} ${kwame} --yes --json`]: {
    does: ({ stdout }) => expect(JSON.parse(stdout).deleted).toEqual([melvin, kwame]),
  },
  [`orafi customers delete ${melvin} --yes; test $? -eq 3 && echo "already gone"`]: {
    before: deleteMelvin,
    does: prints(/^already gone\n$/m),
  },
  'orafi customers delete --ids-from duplicates.csv --dry-run': {
    before: withOne('duplicates.csv'),
    does: deletesNobody,
  },
  'orafi customers delete --ids-from old.csv --dry-run': { before: withOne('old.csv'), does: deletesNobody },
  'orafi customers delete --ids-from old.txt --dry-run': {
    before: (shell) => shell.run('orafi customers find @oldshop.example --by email --fields id > old.txt'),
    does: (did) => expect(rows(did)).toHaveLength(3),
  },
  'orafi customers delete --ids-from old.csv --yes --live --max-delete 500': {
    before: (shell) =>
      shell.run(
        "orafi customers list --all --live --json | jq -r '.data[] | select(.totalSpent == 0) | .id' > old.csv",
      ),
    does: async (_, shell) => {
      const ids = (await shell.read('old.csv')).trimEnd().split('\n')
      expect(ids.length).toBeGreaterThan(9)
      expect((await shell.run(`orafi customers get ${ids.join(' ')} --live`)).code).toBe(3)
    },
  },
  'orafi customers duplicates': { does: prints(/\tkeep\t/, /\tdelete\t/) },
  'orafi customers compare cm87n9cip00000qj2dg04ssqa cmjqeuoy300003w308yh4yynv': {
    does: prints(/^bits\t/m, /^level\texact\t/m, /^decision\treview\t/m),
  },
  'orafi customers compare oibnna.madu@yahoo.com obinna.madu@yahoo.com --certainty 0.99': {
    does: prints(/^bits\t/m, /^level\tlikely\t/m, /^decision\treview\t/m),
  },
  'ORAFI_SANDBOX=1 orafi customers duplicates': { does: prints(/\tkeep\t/, /\tdelete\t/) },
  'orafi customers duplicates --match likely --plan plan.json --review': {
    typed: 'q',
    does: async ({ stderr }, shell) => {
      expect(stderr).toMatch(/1 of \d+/)
      expect(JSON.parse(await shell.read('plan.json')).groups.length).toBeGreaterThan(4)
    },
  },
  'orafi customers duplicates --plan plan.json --review': {
    typed: 'q',
    does: async ({ stderr }, shell) => {
      expect(stderr).toMatch(/1 of \d+/)
      expect(JSON.parse(await shell.read('plan.json')).groups.length).toBeGreaterThan(4)
    },
  },
  'orafi customers delete --plan plan.json --dry-run': { before: withPlan, does: prints(/^c\w{24}\n$/) },
  'orafi customers delete --plan plan.json': {
    before: withPlan,
    typed: 'y\n',
    does: async (_, shell) => {
      const { members } = JSON.parse(await shell.read('plan.json')).groups[0]
      for (const { id, decision } of members) expect(await isThere(shell, id)).toBe(decision !== 'delete')
    },
  },
  'orafi customers import people.csv --dry-run': {
    before: withPeople,
    does: async (_, shell) =>
      expect((await shell.run('orafi customers find chi@example.com --by email')).code).toBe(3),
  },
  'orafi customers import people.csv --skip-invalid --rejects rejects.csv --yes --live': {
    before: (shell) => shell.write('people.csv', `${people}Bad,Row,nobody\n`),
    code: 6,
    does: async (_, shell) => {
      expect((await shell.run('orafi customers find chi@example.com --by email --live')).code).toBe(0)
      expect(await shell.read('rejects.csv')).toMatch(/Bad,Row,nobody/)
    },
  },
  'orafi customers import - --format ndjson --map email=mail,firstname=given,lastname=family < people.ndjson':
    {
      before: (shell) =>
        shell.write('people.ndjson', '{"mail":"chi@example.com","given":"Chi","family":"Eze"}\n'),
      does: async (_, shell) =>
        prints(/Chi\tEze/)(await shell.run('orafi customers find chi@example.com --by email')),
    },
  'orafi customers export customers.csv': {
    does: async (_, shell) => expect(await shell.read('customers.csv')).toMatch(/^id,.*\r\n(?:.*\r\n){100}/),
  },
  'orafi customers export big.ndjson.gz --mode live || orafi customers export big.ndjson.gz --mode live --resume':
    {
      does: async (_, shell) =>
        prints(/^1\d\d\n$/)(await shell.run('zcat big.ndjson.gz | jq -c .mode | grep -c live')),
    },
  'orafi customers export --ndjson --created-after 2026-01-01 | jq -r .email': {
    does: prints(/^(\S+@\S+\n){20,}$/),
  },
  // runs
  'orafi runs list': { before: deleteMelvin, does: prints(/^\d{8}-\d{6}-\w{4}\tdelete\t/) },
  "orafi runs list --json | jq -r '.data[0].run'": {
    before: deleteMelvin,
    does: prints(/^\d{8}-\d{6}-\w{4}\n$/),
  },
  'orafi runs show 20261124-081535-k3f9': {
    before: withRun('20261124-081535-k3f9'),
    does: prints(/^cmjr4c7qq0000v8hozkzz4em5\t/),
  },
  "orafi runs show 20261124-081535-k3f9 --json | jq '.data[].record'": {
    before: withRun('20261124-081535-k3f9'),
    does: prints(/"email": "mekus@orafi\.app"/),
  },
  'orafi runs undo 20261124-081535-k3f9': {
    before: withRun('20261124-081535-k3f9'),
    typed: 'y\n',
    does: bringsMelvinBack,
  },
  'orafi runs show last': {
    before: withRun('20261124-081535-k3f9'),
    does: prints(/^cmjr4c7qq0000v8hozkzz4em5\t/),
  },
  'orafi runs undo last': {
    before: withRun('20260301-120000-k3f9'),
    typed: 'y\n',
    does: bringsMelvinBack,
  },
  'orafi runs undo 20260301-120000-k3f9': {
    before: withRun('20260301-120000-k3f9'),
    typed: 'y\n',
    does: bringsMelvinBack,
  },
  [`orafi runs undo 20260301-120000-k3f9 ${melvin} --yes`]: {
    before: withRun('20260301-120000-k3f9'),
    does: bringsMelvinBack,
  },
  'orafi runs forget 20261124-081535-k3f9': {
    before: withRun('20261124-081535-k3f9'),
    typed: 'y\n',
    does: forgetsMelvin,
  },
  'orafi runs forget --older-than 90d --yes': { before: deleteMelvin, does: forgetsNothingYoung },
  [`orafi runs forget ${melvin}`]: { before: deleteMelvin, typed: 'y\n', does: forgetsMelvin },
  'orafi runs forget mekus@orafi.app': {
    before: deleteMelvin,
    typed: 'y\n',
    does: forgetsMelvin,
  },
  // trying and learning
  'orafi whoami': { does: prints(/sandbox/) },
  'orafi whoami --json | jq -r .mode': { does: prints(/^test\n$/) },
  'export ORAFI_SANDBOX=1': { does: ({ stderr }) => expect(stderr).toBe('') },
  'orafi sandbox reset': { before: deleteMelvin, typed: 'y\n', does: deletesNobody },
  'orafi sandbox reset --yes': { before: deleteMelvin, does: deletesNobody },
  'orafi help customers delete': { does: explains(/--ids-from/) },
  'orafi help exit-codes': { does: explains(/not_found/) },
  'orafi help safety': { does: explains(/--include-spenders/) },
  'orafi completion bash > ~/.local/share/bash-completion/completions/orafi': {
    before: ({ home }) => mkdir(join(home, '.local/share/bash-completion/completions'), { recursive: true }),
    does: async (_, { home }) =>
      expect(await readFile(join(home, '.local/share/bash-completion/completions/orafi'), 'utf8')).toMatch(
        /^complete .*orafi$/m,
      ),
  },
  'orafi completion zsh > ~/.zfunc/_orafi': {
    before: ({ home }) => mkdir(join(home, '.zfunc')),
    does: async (_, { home }) =>
      expect(await readFile(join(home, '.zfunc/_orafi'), 'utf8')).toMatch(/^#compdef orafi/),
  },
  'orafi completion fish > ~/.config/fish/completions/orafi.fish': {
    before: ({ home }) => mkdir(join(home, '.config/fish/completions'), { recursive: true }),
    does: async (_, { home }) =>
      expect(await readFile(join(home, '.config/fish/completions/orafi.fish'), 'utf8')).toMatch(
        /^complete .*orafi/m,
      ),
  },
  'orafi commands': { does: prints(/^customers list\t/m) },
  "orafi commands --json | jq -r '.commands[] | select(.exitCodes[].exitCode == 6).command'": {
    does: prints(/^customers import$/m),
  },
}

async function forgetsNothingYoung(_: Did, shell: Shell): Promise<void> {
  const run = (await shell.run("orafi runs list --json | jq -r '.data[0].run'")).stdout.trim()
  prints(/mekus@orafi\.app/)(await shell.run(`orafi runs show ${run} --json`))
}

function expectCsvSince2026(text: string): void {
  const [header = '', ...records] = text.trimEnd().split('\r\n')
  const column = header.split(',').indexOf('createdAt')
  expect(records.length).toBeGreaterThan(9)
  for (const record of records) expect(record).toMatch(/,2026-\d\d-\d\dT/)
  expect(column).toBeGreaterThan(0)
}

/** What works with keys of one's own, and so not in the sandbox: run on a shop that is signed in to. */
const withKeys: Readonly<Record<string, string | undefined>> = {
  'orafi login': 'KEY\n',
  'orafi login --with-key < key.txt': undefined,
  'orafi login --profile second-shop --read-only': 'KEY\n',
  'orafi login --profile acme --read-only': 'KEY\n',
  'orafi use live': undefined,
  'orafi use live --profile acme': undefined,
  'orafi use --profile second-shop': undefined,
  'orafi use test --profile default': undefined,
  'orafi whoami --all': undefined,
  'orafi logout': undefined,
  'orafi logout --live': undefined,
  'orafi logout --live --profile second-shop': undefined,
  'orafi logout --all': undefined,
}

/** What is no line for a test to run as it stands, and why. */
const notRun: Readonly<Record<string, string>> = {
  'npm ci && ./bin/orafi.js customers list --sandbox --mode live --spent ABOVE500USDT':
    'installs; test/e2e/binary.test.ts runs the command',
  'npm ci && npm test': 'runs this test',
  'npm install --global . --prefix ~/.local': 'installs; test/e2e/package.test.ts runs what was installed',
  'export PATH="$HOME/.local/bin:$PATH"': 'only for the shell',
}

/** They run until they are interrupted, so the test interrupts them; on a free port, since 4010 may be taken. */
const serving = (line: string): boolean => line.startsWith('orafi sandbox serve')

async function linesOfHelp(): Promise<string[]> {
  // Help reads and writes no file, so it needs no folder.
  const help = (line: string) => orafi(line, { home: '/dev/null' })
  const { commands } = JSON.parse((await help('commands --json')).stdout)
  const helps = ['--help', ...commands.map(({ command }: { command: string }) => `${command} --help`)]
  const topics = topicNames.map((topic) => `help ${topic}`)
  const texts = await Promise.all([...helps, ...topics].map(help))
  return texts.flatMap(({ stdout }) => [...stdout.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = '']) => line))
}

async function linesOfReadme(): Promise<string[]> {
  const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  return blocks.flatMap((block) =>
    [...block.matchAll(/^\$ (.*?)(?: +# .*)?$/gm)].map(([, line = '']) => line),
  )
}

const lines = [...new Set([...(await linesOfHelp()), ...(await linesOfReadme())])]

test('every example of the help and the README has a claim here, and nothing else does', () => {
  const known = [...Object.keys(claims), ...Object.keys(withKeys), ...Object.keys(notRun)]
  expect(lines.filter((line) => !serving(line)).sort()).toEqual(known.sort())
})

describe('as printed, in the sandbox', () => {
  test.each(Object.entries(claims))('%s', async (line, { before, typed, code = 0, does }) => {
    const shell = await openShell()
    await before?.(shell)
    const did = await shell.run(line, typed)
    expect({ code: did.code, stderr: did.code === code ? '' : did.stderr }).toEqual({ code, stderr: '' })
    await does(did, shell)
  })
})

describe('as printed, with keys of one’s own', () => {
  test.each(Object.entries(withKeys))('%s', async (line, typed) => {
    const shop = await openShop(1)
    const shell = await openShell({ ORAFI_BASE_URL: shop.url })
    await shell.write('key.txt', `${shop.test.key}\n`)
    for (const profile of line.startsWith('orafi login') ? [] : ['default', 'second-shop', 'acme']) {
      for (const { url, key } of [shop.test, shop.live]) {
        const login = `login --profile ${profile} --with-key`
        expect(await orafi(login, { home: shell.home, url, stdin: key })).toMatchObject({ code: 0 })
      }
    }
    const did = await shell.run(line, typed?.replace('KEY', shop.test.key ?? ''))
    expect({ code: did.code, stderr: did.code === 0 ? '' : did.stderr }).toEqual({ code: 0, stderr: '' })
    const after = await shell.run('orafi whoami --all --json')
    const kept = after.code === 4 ? [] : JSON.parse(after.stdout).data
    const names = kept.map(({ profile, mode }: { profile: string; mode: string }) => `${profile} ${mode}`)
    expect(names.sort()).toEqual(keptAfter(line))
  })
})

function keptAfter(line: string): string[] {
  const profile = /--profile (\S+)/.exec(line)?.[1] ?? 'default'
  if (line.startsWith('orafi login')) return [`${profile} test`]
  const all = ['acme', 'default', 'second-shop'].flatMap((name) => [`${name} live`, `${name} test`])
  if (!line.startsWith('orafi logout')) return all
  if (line.includes('--all')) return []
  return all.filter((name) => !name.startsWith(line.includes('--live') ? `${profile} live` : profile))
}

test.each(lines.filter(serving))('%s', async (line) => {
  const { code, stdout } = await orafi(words(line.replace('4010', '0')).slice(1), {
    onOutput: ({ stderr }, interrupt) => stderr.includes('Ctrl-C stops it') && interrupt(),
  })
  expect(code).toBe(130)
  expect(stdout).toMatch(/^export ORAFI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\nexport ORAFI_API_KEY=ora_test_/)
})

test.each(['README.md', 'src/reference/guides.json'])(
  'the numbers of duplicates in %s are true',
  async (file) => {
    const text = (await readFile(new URL(`../${file}`, import.meta.url), 'utf8')).replaceAll(/\s+/g, ' ')
    const told =
      /finds (\d+) groups with the test key and (\d+) with the live key, `--match likely` (\d+) and (\d+)/.exec(
        text,
      )
    const each = /each key sees (\d+) groups of duplicates/.exec(text)?.[1]
    const found = async (flags: string) => {
      const { stdout } = await orafi(`customers duplicates --json --sandbox ${flags}`)
      return String(JSON.parse(stdout).groups.length)
    }
    const usual = [await found('--test'), await found('--live')]
    if (file !== 'README.md') expect([each, each]).toEqual(usual)
    else {
      const likely = [await found('--test --match likely'), await found('--live --match likely')]
      expect(told?.slice(1)).toEqual([...usual, ...likely])
    }
  },
)
