import { describe, expect, test } from 'vitest'
import { chooseKey, type KeyRequest } from '../../src/config/credentials.ts'
import type { Profile, StoreData } from '../../src/config/profiles.ts'
import { CliError } from '../../src/errors.ts'

const api = 'https://api.orafi.app'
const testKey = `ora_test_${'t'.repeat(30)}1111`
const liveKey = `ora_live_${'l'.repeat(30)}2222`
const otherKey = `ora_test_${'o'.repeat(30)}3333`

const stored = (key: string, baseUrl = api) => ({ key, baseUrl, savedAt: 0, verified: true })

function store(profiles: Record<string, Partial<Profile>>, standard?: StoreData['default']): StoreData {
  const whole = Object.entries(profiles).map(([name, profile]) => [
    name,
    { readOnly: false, keys: {}, ...profile },
  ])
  return { v: 1, default: standard, profiles: Object.fromEntries(whole) }
}

const shop = store(
  {
    shop: { keys: { test: stored(testKey), live: stored(liveKey) } },
    second: { keys: { test: stored(otherKey) }, readOnly: true },
    third: { keys: { test: stored(testKey), live: stored(liveKey) } },
    gone: { readOnly: true },
  },
  { profile: 'shop', mode: 'test' },
)

interface Asked {
  env?: KeyRequest['env']
  flags?: KeyRequest['flags']
  data?: StoreData | undefined
  baseUrl?: string
}

const choose = ({ env = {}, flags = {}, data = shop, baseUrl = api }: Asked) =>
  chooseKey({ env, flags, baseUrl, store: async () => data })

const refusal = (asked: Asked): Promise<CliError> =>
  choose(asked).then(
    ({ masked }) => Promise.reject(new Error(`${masked} was chosen`)),
    (error: unknown) => (error instanceof CliError ? error : Promise.reject(error)),
  )

describe('where the key comes from', () => {
  test('the default profile, when nothing else is said', async () => {
    expect(await choose({})).toMatchObject({ key: testKey, profile: 'shop', source: 'profile', mode: 'test' })
  })

  test('ORAFI_PROFILE goes before the default one', async () => {
    expect(await choose({ env: { ORAFI_PROFILE: 'second' } })).toMatchObject({
      key: otherKey,
      profile: 'second',
    })
  })

  test('ORAFI_API_KEY goes before ORAFI_PROFILE, which then only names the place', async () => {
    const env = { ORAFI_API_KEY: liveKey, ORAFI_PROFILE: 'second' }
    expect(await choose({ env })).toMatchObject({
      key: liveKey,
      source: 'environment',
      profile: 'second',
      readOnly: false,
      identity: `${api} live second`,
    })
  })

  test('--profile goes before ORAFI_API_KEY, whatever that holds', async () => {
    const flags = { profile: 'second' }
    expect(await choose({ env: { ORAFI_API_KEY: liveKey }, flags })).toMatchObject({
      key: otherKey,
      source: 'profile',
    })
    expect(await choose({ env: { ORAFI_API_KEY: 'nonsense' }, flags })).toMatchObject({ key: otherKey })
  })

  test('an empty ORAFI_API_KEY is none', async () => {
    expect(await choose({ env: { ORAFI_API_KEY: '' } })).toMatchObject({ source: 'profile' })
  })

  test('with the key of the environment the config is not read', async () => {
    const store = () => Promise.reject(new Error('the config was read'))
    const chosen = await chooseKey({ env: { ORAFI_API_KEY: testKey }, flags: {}, baseUrl: api, store })
    expect(chosen).toMatchObject({ key: testKey, profile: 'env', identity: `${api} test env` })
  })

  test('the identity of a profile is its place, not its key', async () => {
    expect((await choose({})).identity).toBe(`${api} test shop`)
  })
})

describe('what the key of the environment shadows', () => {
  const env = { ORAFI_API_KEY: liveKey }
  test.each([
    ['the default profile', env, shop, 'shop'],
    ['ORAFI_PROFILE', { ...env, ORAFI_PROFILE: 'second' }, shop, 'second'],
    ['nothing where nothing is stored', env, undefined, undefined],
    ['nothing where ORAFI_PROFILE is not stored', { ...env, ORAFI_PROFILE: 'new' }, shop, undefined],
    ['nothing where the default is signed out', env, store({}, undefined), undefined],
  ])('%s', async (_, environment, data, expected) => {
    const chosen = await chooseKey({ env: environment, flags: {}, baseUrl: api, store: async () => data })
    expect(await chosen.shadows()).toBe(expected)
  })

  test('a config file that cannot be used shadows nothing', async () => {
    const store = () => Promise.reject(new CliError('local_error', 'damaged'))
    const chosen = await chooseKey({ env, flags: {}, baseUrl: api, store })
    expect(await chosen.shadows()).toBeUndefined()
  })

  test('a stored key shadows nothing', async () => {
    expect(await (await choose({})).shadows()).toBeUndefined()
  })
})

describe('the mode', () => {
  test('--live and --test pick the key of a stored profile', async () => {
    expect(await choose({ flags: { mode: 'live' } })).toMatchObject({
      key: liveKey,
      identity: `${api} live shop`,
    })
    const live = store(shop.profiles, { profile: 'shop', mode: 'live' })
    expect(await choose({ data: live, flags: { mode: 'test' } })).toMatchObject({ key: testKey })
  })

  test('the default mode is that of the default profile alone; another with both keys is used in test', async () => {
    const data = store(shop.profiles, { profile: 'shop', mode: 'live' })
    expect(await choose({ data })).toMatchObject({ mode: 'live' })
    expect(await choose({ data, flags: { profile: 'third' } })).toMatchObject({ mode: 'test' })
  })

  test('a profile with one key uses it, whatever the default mode', async () => {
    const data = store({ one: { keys: { live: stored(liveKey) } } }, { profile: 'one', mode: 'test' })
    expect(await choose({ data })).toMatchObject({ key: liveKey })
    expect(await choose({ data, flags: { listMode: 'test' } })).toMatchObject({ key: liveKey })
  })

  test('--test and --live insist', async () => {
    const error = await refusal({ flags: { profile: 'second', mode: 'live' } })
    expect(error).toMatchObject({
      code: 'auth',
      message: expect.stringContaining("'second' has no live key"),
    })
    expect(error.hint).toContain('orafi login --profile second')
  })

  test('list --mode picks where there are both keys, and a flag goes before it', async () => {
    expect(await choose({ flags: { listMode: 'live' } })).toMatchObject({ key: liveKey })
    expect(await choose({ flags: { listMode: 'live', mode: 'test' } })).toMatchObject({ key: testKey })
  })

  test('with the key of the environment --live asserts it', async () => {
    const env = { ORAFI_API_KEY: testKey }
    const error = await refusal({ env, flags: { mode: 'live' } })
    expect(error).toMatchObject({ code: 'auth', message: expect.stringContaining('ora_test_…1111') })
    expect(`${error.message}${error.hint}`).not.toContain(testKey)
    expect(await choose({ env, flags: { mode: 'test', listMode: 'live' } })).toMatchObject({ key: testKey })
  })
})

describe('a key is only sent to its own base URL', () => {
  test('a stray ORAFI_BASE_URL cannot collect it', async () => {
    const error = await refusal({ baseUrl: 'https://evil.example' })
    expect(error).toMatchObject({ code: 'auth' })
    expect(error.message).toContain(api)
    expect(error.message).toContain('https://evil.example')
  })

  test('each key of a profile has its own place', async () => {
    const here = 'http://127.0.0.1:4010'
    const data = store(
      { shop: { keys: { test: stored(testKey, here), live: stored(liveKey) } } },
      { profile: 'shop', mode: 'test' },
    )
    expect(await choose({ data, baseUrl: here })).toMatchObject({
      key: testKey,
      identity: `${here} test shop`,
    })
    expect(await choose({ data, flags: { mode: 'live' } })).toMatchObject({ key: liveKey })
    expect(await refusal({ data, baseUrl: here, flags: { mode: 'live' } })).toMatchObject({ code: 'auth' })
  })

  test("the environment's key goes where the environment says", async () => {
    expect(await choose({ env: { ORAFI_API_KEY: testKey }, baseUrl: 'http://127.0.0.1:1' })).toMatchObject({
      identity: 'http://127.0.0.1:1 test env',
    })
  })
})

describe('read-only', () => {
  test('is what the profile says, and what ORAFI_READ_ONLY says everywhere', async () => {
    expect((await choose({})).readOnly).toBe(false)
    expect((await choose({ flags: { profile: 'second' } })).readOnly).toBe(true)
    expect((await choose({ env: { ORAFI_READ_ONLY: '1' } })).readOnly).toBe(true)
    expect((await choose({ env: { ORAFI_API_KEY: testKey, ORAFI_READ_ONLY: 'true' } })).readOnly).toBe(true)
  })

  test('is not lifted by ORAFI_READ_ONLY=0', async () => {
    expect((await choose({ env: { ORAFI_READ_ONLY: '0' }, flags: { profile: 'second' } })).readOnly).toBe(
      true,
    )
  })

  test('is not decided by a word that is neither on nor off', async () => {
    expect(await refusal({ env: { ORAFI_READ_ONLY: 'yes' } })).toMatchObject({ code: 'usage' })
    expect(await refusal({ env: { ORAFI_READ_ONLY: 'yes', ORAFI_API_KEY: testKey } })).toMatchObject({
      code: 'usage',
    })
  })
})

describe('without a key', () => {
  test('nobody is signed in, and told how to', async () => {
    const error = await refusal({ data: store({}) })
    expect(error).toMatchObject({ code: 'auth', message: 'not signed in' })
    expect(error.hint).toContain('orafi login')
  })

  test('a profile that is not there, or is signed out, is named', async () => {
    for (const profile of ['nobody', 'gone', 'constructor', '__proto__']) {
      const error = await refusal({ flags: { profile } })
      expect(error).toMatchObject({ code: 'auth', message: `no key is stored for profile '${profile}'` })
    }
    expect(await refusal({ env: { ORAFI_PROFILE: 'nobody' } })).toMatchObject({ code: 'auth' })
  })

  test('where profiles are stored but none is the default, one is to be chosen', async () => {
    const error = await refusal({ data: store({ second: shop.profiles.second ?? {} }) })
    expect(error).toMatchObject({ code: 'auth', message: 'there is no default profile' })
    expect(error.hint).toContain('orafi use --profile')
  })

  test.each(['nonsense-secret', ` ${testKey}`, `${testKey}\n`, 'ora_test_secret'])(
    'ORAFI_API_KEY=%j is refused and not repeated',
    async (key) => {
      const error = await refusal({ env: { ORAFI_API_KEY: key } })
      expect(error.code).toBe('auth')
      expect(`${error.message} ${error.hint}`).not.toMatch(/secret|tttt/)
    },
  )

  test.each([
    [{ flags: { profile: 'No Name' } }],
    [{ flags: { profile: 'env' } }],
    [{ env: { ORAFI_PROFILE: 'No' } }],
    [{ env: { ORAFI_API_KEY: testKey, ORAFI_PROFILE: 'env' } }],
  ])('a name that no profile can have is a mistake: %j', async (asked) => {
    expect(await refusal(asked)).toMatchObject({ code: 'usage' })
  })
})
