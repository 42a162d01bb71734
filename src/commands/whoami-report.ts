import type { Folders } from '../config/folders.ts'
import type { ListedKey, Standing } from '../config/standing.ts'
import { type Column, type Report, report } from '../output/result.ts'
import { businessText } from './login-summary.ts'

/** Who one is: a document, and the same as lines of a name and a value. */
export function standingReport(found: Standing): Report {
  return report(found, rowsOf(found), pairs)
}

/** Every key there is, one a row. */
export function keysReport(keys: readonly ListedKey[], folders: Folders): Report {
  return report({ data: keys, ...folders }, keys.map(rowOf), columns)
}

/** Keys with their values. */
const pairs: readonly Column[] = [
  { key: 'name', title: '' },
  { key: 'value', title: '' },
]

function rowsOf(found: Standing): Record<string, string>[] {
  const source = { sandbox: 'the sandbox', environment: 'ORAFI_API_KEY', profile: 'stored profile' }
  const rows: Record<string, string | null> = {
    profile: found.profile ?? 'none',
    mode: shownMode(found.mode),
    key: found.key,
    from: found.source && source[found.source],
    business: found.business && businessText(found.business),
    'read-only': found.readOnly === null ? null : yesOrNo(found.readOnly),
    'base URL': found.baseUrl ?? 'inside this process',
    config: found.config,
    state: found.state,
    accepted: found.message === null ? found.accepted : `${found.accepted}: ${found.message}`,
    shadows: found.shadows === null ? null : `profile ${found.shadows}`,
  }
  return Object.entries(rows).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

const columns: readonly Column[] = [
  { key: 'profile', title: 'PROFILE' },
  { key: 'mode', title: 'MODE' },
  { key: 'key', title: 'KEY' },
  { key: 'used', title: 'USED' },
  { key: 'readOnly', title: 'READ-ONLY' },
  { key: 'accepted', title: 'ACCEPTED' },
  { key: 'baseUrl', title: 'BASE URL' },
]

function rowOf(listed: ListedKey): Record<string, string> {
  const standard = listed.default ? 'default' : ''
  return {
    profile: listed.profile,
    mode: shownMode(listed.mode) ?? '',
    key: listed.key ?? 'none',
    used: listed.inUse ? 'now' : standard,
    readOnly: yesOrNo(listed.readOnly),
    accepted: listed.accepted ?? '',
    baseUrl: listed.baseUrl ?? '',
  }
}

function shownMode(mode: 'test' | 'live' | null): string | null {
  return mode === 'live' ? 'LIVE' : mode
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
