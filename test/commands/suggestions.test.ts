import { describe, expect, test } from 'vitest'
import { buildWholeProgram } from '../../src/program.ts'
import { wordsOf } from '../../src/reference/layout.ts'
import synonyms from '../../src/reference/synonyms.json' with { type: 'json' }
import { orafi, temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

const { absentCommands, commandWords, extraArguments, optionWords, topicWords, valueWords } = synonyms

async function refused(line: string | readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await orafi(line, { env: { ORAFI_SANDBOX: '1' } })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^error: .+\nhint: .+\n$/)
  return stderr
}

describe('a command that does not exist', () => {
  test.each([
    ['dedupe', 'orafi customers duplicates?'],
    ['customers dedupe', 'duplicates?'],
    ['rm c_1', 'orafi customers delete?'],
    ['customers remove c_1', 'delete?'],
    ['search ada', 'orafi customers find?'],
    ['customers lookup ada', 'find?'],
    ['list --limit 3', 'orafi customers list?'],
    ['ls', 'orafi customers list?'],
    ['customers ls', 'list?'],
    ['show c_1', 'orafi customers get?'],
    ['customers view c_1', 'get?'],
    ['add', 'orafi customers create?'],
    ['upload people.csv', 'orafi customers import?'],
    ['download', 'orafi customers export?'],
    ['customers dump', 'export?'],
    ['wc', 'orafi customers count?'],
    ['customer', 'orafi customers?'],
    ['customer list', 'orafi customers list?'],
    ['clients rm c_1', 'orafi customers delete?'],
    ['get customers', 'orafi customers list?'],
    ['delete customer c_1', 'orafi customers delete?'],
    ['list-customers', 'orafi customers list?'],
    ['customers:create', 'orafi customers create?'],
    ['deleteCustomer c_1', 'orafi customers delete?'],
    ['list runs', 'orafi runs list?'],
    ['run show x', 'orafi runs show?'],
    ['runs rm x', 'forget?'],
    ['runs rollback x', 'undo?'],
    ['customers restore c_1', 'orafi runs undo?'],
    ['undo', 'orafi runs undo?'],
    ['history', 'orafi runs list?'],
    ['auth login', 'orafi login?'],
    ['logins', 'orafi login?'],
    ['sign-in', 'orafi login?'],
    ['auth status', 'orafi whoami?'],
    ['auth logout', 'orafi logout?'],
    ['profiles list', 'orafi whoami?'],
    ['switch live', 'orafi use?'],
    ['config set mode live', 'orafi use?'],
    ['serve', 'orafi sandbox serve?'],
    ['sandbox start', 'serve?'],
    ['man', 'orafi help?'],
    ['autocomplete', 'orafi completion?'],
    ['version', 'orafi --version?'],
    ['custmers list', 'orafi customers?'],
    ['serach ada', 'orafi customers find?'],
    ['customers lsit', 'list?'],
    ['help rm', 'customers delete?'],
    ['delete duplicates', 'orafi customers duplicates?'],
    ['customers remove-duplicates', 'duplicates?'],
    ['customers cleanup', 'duplicates?'],
    ['runs destroy x', 'forget?'],
    ['runs clean', 'forget?'],
    ['help json', 'formats?'],
    ['help customers lookup', 'find?'],
  ])('%s', async (line, meant) => {
    expect(await refused(line)).toContain(`hint: Did you mean ${meant}`)
  })

  test.each([
    'runs trash x',
    'runs kill x',
    'sandbox destroy',
    'sandbox purge',
    'customers wipe',
    'customers reset',
    'customers clear',
  ])('%s is not answered with a command that destroys something else', async (line) => {
    const answer = await refused(line)
    expect(answer).not.toMatch(/orafi (customers delete|runs forget|sandbox reset)|mean delete/)
    expect(answer).toContain(`The commands of orafi ${line.split(' ')[0]}: `)
  })

  test('an option that does not exist for get and delete names what they take', async () => {
    expect(await refused('customers delete --email a@b.co')).toContain('hint: ids and e-mails are arguments')
    expect(await refused('customers delete --all')).toContain(
      'hint: there is no option to delete all customers',
    )
  })

  test.each([
    ['customers archive c_1', 'the Orafi API cannot archive customers'],
    ['customers forget c_1', 'orafi customers delete ID --no-journal'],
    ['customers gdpr', 'orafi runs forget ID'],
    ['update c_1', 'the Orafi API cannot change a customer'],
    ['customers edit c_1', 'orafi customers create'],
    ['customers merge c_1 c_2', 'orafi customers duplicates'],
    ['transactions list', 'only manages customers'],
    ['config', 'orafi help environment'],
    ['upgrade', 'npm install'],
  ])('%s has a reason', async (line, reason) => {
    expect(await refused(line)).toContain(reason)
  })

  test.each([
    [
      'customers nope',
      'orafi customers: list, count, get, find, create, delete, duplicates, compare, import, export',
    ],
    [
      'customers rm',
      'orafi customers: list, count, get, find, create, delete, duplicates, compare, import, export',
    ],
    ['runs nope', 'orafi runs: list, show, undo, forget'],
    ['runs edit', 'orafi runs: list, show, undo, forget'],
    ['sandbox nope', 'orafi sandbox: serve, reset'],
    [
      'customer',
      'orafi customers: list, count, get, find, create, delete, duplicates, compare, import, export',
    ],
    ['stripe', 'orafi: customers,'],
    ['nope', 'orafi: customers, runs, login, logout, whoami, use, sandbox, help, completion, commands'],
  ])('%s lists those of its group', async (line, commands) => {
    const stderr = await refused(line)
    expect(stderr).toContain(`The commands of ${commands}`)
  })

  test('is an error in JSON with --json', async () => {
    const { code, stderr } = await orafi('dedupe --json')
    expect([code, JSON.parse(stderr).error]).toEqual([
      2,
      {
        code: 'usage',
        message: "unknown command 'dedupe'",
        hint: 'Did you mean orafi customers duplicates?',
      },
    ])
  })

  test('that is long, odd or empty suggests nothing odd', async () => {
    for (const word of ['x'.repeat(100_000), '\u001b[2J', '', '?', '__proto__', 'constructor'])
      expect(await refused([word, 'x'])).not.toContain('\u001b')
  })
})

describe('an option that does not exist', () => {
  test.each([
    ['customers list -o json', '--json'],
    ['customers list --output json', '--json'],
    ['customers list --output=JSON', '--json'],
    ['customers list --format json', '--json'],
    ['customers list -ojson', '--json'],
    ['customers list -json', '--json'],
    ['customers list --format csv', '--csv'],
    ['customers list --jsonl', '--ndjson'],
    ['customers list -n 10', '--limit'],
    ['customers list -n10', '--limit'],
    ['customers list --page-size=10', '--limit'],
    ['customers list --maxResults 10', '--limit'],
    ['customers list --paginate', '--all'],
    ['customers list --since 7d', '--created-after'],
    ['customers list --createdAfter 7d', '--created-after'],
    ['customers list --columns id', '--fields'],
    ['customers list --env live', '--live'],
    ['customers list --environment=test', '--test'],
    ['customers list --verbose', '--debug'],
    ['customers list --account shop', '--profile'],
    ['customers list --jsno', '--json'],
    ['customers list --JSON', '--json'],
    ['customers delete c_1 --force', '--yes'],
    ['customers delete c_1 -f', '--yes'],
    ['customers delete -rf c_1', '--yes'],
    ['customers delete c_1 -n', '--dry-run'],
    ['customers export a.csv --overwrite', '--force'],
    ['customers duplicates --file a.csv', '--from'],
    ['customers import a.csv -y --what-if', '--dry-run'],
    ['customers import a.csv --skip-rows 2', '--skip-lines'],
    ['customers import a.csv --charset latin1', '--encoding'],
    ['customers create --first-name Ada', '--firstname'],
    ['customers create --surname Obi', '--lastname'],
  ])('%s', async (line, meant) => {
    expect(await refused(line)).toContain(`hint: Did you mean ${meant}?\n`)
  })

  test.each([
    ['customers list --page 2', '--cursor'],
    ['customers list --sort email', '| sort'],
    ['customers list --email ada@x.example', 'orafi customers find'],
    ['customers list -o yaml', 'orafi help formats'],
    ['customers duplicates --delete', 'orafi customers delete --plan plan.json'],
    ['customers --delete c_1', 'orafi customers delete ID'],
    ['customers list --dry-run', 'orafi customers delete, orafi customers import'],
    ['customers list --json=true', '--json takes no value'],
    ['--limit 3 customers list', 'orafi customers list --limit 3'],
    ['customers --limit=3 list', 'orafi customers list --limit=3'],
    ['customers import -f people.csv', 'orafi customers import FILE'],
    ['customers export -o people.csv', 'orafi customers export customers.csv'],
    ['whoami --base-url https://x.example', 'ORAFI_BASE_URL'],
    ['-v', '--debug, or --version'],
    ['customers list --zzzzz', 'see orafi customers list --help'],
  ])('%s says what to do', async (line, hint) => {
    expect(await refused(line)).toContain(hint)
  })

  test.each([
    'whoami --api-key=secret',
    'customers list --token secret',
    '--token secret customers list',
    'login --key=secret',
    'login -ksecret',
    'login secret',
    'login --with-key secret',
    'login ora_test_secret',
    'customers list --key ora_test_secret',
    'ora_test_secret',
    'auth login --with-token ora_live_secret',
  ])('%s is refused without repeating the key, with the reason and the right way', async (line) => {
    const stderr = await refused(line)
    expect(stderr).toMatch(/no (flag|argument) takes a key: .* shell history and the process list/)
    expect(stderr).toContain('orafi login --with-key < key.txt')
    expect(stderr).not.toContain('secret')
  })
})

test.each([
  ['customers list ada', 'orafi customers find TEXT'],
  ['login ora_test_abcdefghijklmnopqrstuvwxyz012345', 'orafi login asks for it'],
  ['customers list --fields id email', 'hint: separate fields with commas: --fields id,email'],
  ['customers find ada -i', 'hint: see orafi customers find --help'],
  ['customers list --created-after 6m', 'Months are written 6mo'],
  ['customers create Ada Obi', '--firstname Ada'],
  ['customers duplicates a.csv', '--from FILE'],
  ['customers list --mode prod', 'Did you mean live?'],
  ['use production', 'Did you mean live?'],
  ['customers find ada --by mail', 'Did you mean email?'],
  ['customers duplicates --match fuzzy', 'Did you mean likely?'],
  ['customers list --limit all', '--all'],
  ['completion powershell', 'bash, zsh, fish'],
  ['customers get', 'orafi customers get cmjr4c7qq0000v8hozkzz4em5'],
])('%s says what to do', async (line, hint) => {
  const stderr = await refused(line)
  expect(stderr).toContain(hint)
  expect(stderr).not.toContain('abcdefghijkl')
})

test('nothing that is not found is without a hint', async () => {
  const shop = await openShop()
  const { id } = await shop.store.create({
    firstname: 'Ada',
    lastname: 'Obi',
    email: 'ada@x.example',
    mode: ['test'],
  })
  const at = { ...shop.test, home: await temporaryFolder() }
  const { stdout } = await orafi(`customers delete ${id} --yes --json`, at)
  const { run } = JSON.parse(stdout)
  await orafi(`runs forget ${run} --yes`, at)
  for (const line of [
    'customers get nobody',
    'customers get nobody noone',
    'customers delete nobody --yes',
    'customers delete nobody noone --yes',
    'customers delete nobody --dry-run',
    'customers find nobody',
    'runs show 20260301-120000-abcd',
    'runs undo 20260301-120000-abcd --yes',
    'runs forget 20260301-120000-abcd --yes',
    'runs forget --customer nobody --yes',
    'runs forget --customer nobody@x.example --yes',
    `runs undo ${run} --yes`,
  ]) {
    const { code, stderr } = await orafi(line, at)
    expect([line, code]).toEqual([line, 3])
    expect(stderr, line).toMatch(/^hint: ./m)
  }
})

describe('the tables of synonyms', () => {
  const surroundings = {
    columns: 80,
    out: () => undefined,
    open() {
      throw new Error('nothing is run here')
    },
  }

  test('name only what exists', async () => {
    const whole = await buildWholeProgram(surroundings)
    const commands = whole.commands.flatMap((one) => [one, ...one.commands])
    const paths = commands.map((one) => wordsOf(one).slice(1).join(' '))
    const options = [whole, ...commands].flatMap((one) => one.options)
    const flags = ['--help', ...options.flatMap(({ long, short }) => [long, short])]
    for (const path of [...Object.keys(commandWords), ...Object.keys(extraArguments)])
      expect(paths).toContain(path)
    expect(Object.keys(commandWords).sort()).toEqual(paths.sort())
    for (const { meant, on } of optionWords) {
      for (const flag of meant?.split(', ') ?? []) expect(flags).toContain(flag)
      for (const path of on?.split(', ') ?? []) expect(paths).toContain(path)
    }
    const choices = [...options, ...commands.flatMap((one) => one.registeredArguments)].flatMap(
      ({ argChoices }) => argChoices ?? [],
    )
    for (const value of Object.values(valueWords).flatMap((words) => Object.keys(words)))
      expect(choices).toContain(value)
  })

  test('every command that their hints name exists', async () => {
    const rows = [...absentCommands, ...optionWords]
    const hints = [...rows.map(({ hint }) => hint ?? ''), ...Object.values(extraArguments)]
    const named = hints.flatMap((hint) => [...hint.matchAll(/orafi ((?:customers|runs|sandbox) )?([a-z]+)/g)])
    expect(named.length).toBeGreaterThan(20)
    for (const [, group = '', name] of named) {
      if (['has', 'is', 'manages', 'asks', 'only'].includes(name ?? '') && group === '') continue
      const { code } = await orafi(`${group}${name} --help`)
      expect([`${group}${name}`, code]).toEqual([`${group}${name}`, 0])
    }
  })

  test('are in lower case, with nothing empty', () => {
    const lists = [
      ...Object.values(commandWords),
      ...Object.values(topicWords),
      ...absentCommands.map(({ words }) => words),
    ]
    for (const phrase of lists.flatMap((list) => list.split(', ')))
      expect(phrase).toMatch(/^[a-z?]+(?: [a-z]+)*$/)
  })
})
