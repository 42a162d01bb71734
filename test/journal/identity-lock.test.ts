import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LockedPlace, lockIdentity, lockName } from '../../src/journal/run.ts'
import { LockHeld } from '../../src/storage/lock.ts'
import { temporaryFolder } from '../storage/folder.ts'
import { begun, owner } from './journal.ts'

const nameOf = (baseUrl: string, hash = 'k1') => lockName({ baseUrl, key: { mode: 'test', hash } })

describe('the name under which an account is locked', () => {
  test.each([
    ['https://api.orafi.app', 'https://API.Orafi.App'],
    ['https://api.orafi.app', 'https://api.orafi.app:443'],
    ['https://api.orafi.app', 'https://api.orafi.app.'],
    ['https://api.orafi.app', 'https://api.orafi.app/v1'],
    ['https://api.orafi.app', 'https://api.orafi.app/'],
    ['https://api.orafi.app', 'https://%61pi.orafi.app'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://127.0.0.1', 'http://127.0.0.1:80'],
    ['http://127.0.0.1:4010', 'https://127.0.0.1:4010'],
    ['http://127.0.0.1:443', 'https://127.0.0.1'],
    ['http://127.0.0.1', 'https://127.0.0.1:80'],
  ])('of %s is that of %s', (one, other) => {
    expect(nameOf(one)).toBe(nameOf(other))
  })

  test('is one for all that leads to this machine', () => {
    const hosts = [
      'localhost',
      'LOCALHOST',
      'localhost.',
      'shop.localhost',
      'a.b.localhost.',
      '127.0.0.1',
      '127.1',
      '127.9.8.7',
      '0x7f.1',
      '2130706433',
      '0.0.0.0',
      '[::1]',
      '[0:0:0:0:0:0:0:1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::FFFF:127.0.0.99]',
      '[::ffff:7f00:1]',
    ]
    expect(new Set(hosts.map((host) => nameOf(`https://${host}:4010/v1`))).size).toBe(1)
  })

  test.each([
    ['https://api.orafi.app', 'https://api.orafi.app:8443'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4011'],
    ['https://api.orafi.app', 'https://api2.orafi.app'],
    ['https://127.0.0.1', 'https://128.0.0.1'],
    ['https://localhost', 'https://localhost.example'],
    ['https://localhost', 'https://notlocalhost'],
    ['https://[::1]', 'https://[::2]'],
    ['https://[::ffff:127.0.0.1]', 'https://[::ffff:128.0.0.1]'],
  ])('of %s is not that of %s', (one, other) => {
    expect(nameOf(one)).not.toBe(nameOf(other))
  })

  test('is another for another key', () => {
    expect(nameOf('https://api.orafi.app', 'k1')).not.toBe(nameOf('https://api.orafi.app', 'k2'))
  })

  test('does not change with case, path, the usual port or a dot at the end, whatever the host', () => {
    const path = fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { maxLength: 3 })
    fc.assert(
      fc.property(fc.domain(), path, fc.boolean(), fc.boolean(), (host, segments, port, dot) => {
        const spelled = `https://${host.toUpperCase()}${dot ? '.' : ''}${port ? ':443' : ''}/${segments.join('/')}`
        expect(nameOf(spelled)).toBe(nameOf(`https://${host}`))
      }),
    )
  })
})

describe('who changes an account', () => {
  const sandbox = (mode: string): LockedPlace => ({ baseUrl: undefined, key: { mode, hash: 'k1' } })
  const api = (hash: string): LockedPlace => ({
    baseUrl: 'https://api.orafi.app',
    key: { mode: 'test', hash },
  })

  test('excludes other changes to the same account until it is released, and nothing else', async () => {
    const state = temporaryFolder()
    const lock = (place: LockedPlace) =>
      lockIdentity({ state, place, identity: 'shop', what: 'import', owner, now: () => begun })
    const places = [sandbox('test'), sandbox('live'), api('k1'), api('k2')]
    const locks = await Promise.all(places.map(lock))
    for (const place of places) {
      const refused = lock(place)
      await expect(refused).rejects.toBeInstanceOf(LockHeld)
      await expect(refused).rejects.toThrow('import (shop) is running')
    }
    for (const held of locks) await held.release()
    for (const held of await Promise.all(places.map(lock))) await held.release()
  })
})
