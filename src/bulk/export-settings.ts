import { isDeepStrictEqual } from 'node:util'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import type { ExportFormat } from './export-place.ts'

/** What decides about the contents of an export: an interrupted one goes on under the same only. */
export interface ExportSettings {
  readonly identity: string
  /** The key's hash, where the identity alone does not tell two accounts apart. */
  readonly key?: string | undefined
  readonly format: ExportFormat
  readonly mode?: string | undefined
  readonly spent?: string | undefined
  /** Epoch ms. */
  readonly createdAfter?: number | undefined
  /** Epoch ms. */
  readonly createdBefore?: number | undefined
  readonly fields?: readonly string[] | undefined
  readonly excelSafe?: boolean | undefined
}

const version = 1

/** The first line of a part's log. */
export function headerOf(settings: ExportSettings): object {
  return { v: version, type: 'export', settings }
}

/** The flag that decides about a setting, and how its value is typed. */
const flags: Record<string, { flag: string; typed(value: unknown): string }> = {
  mode: { flag: '--mode', typed: String },
  spent: { flag: '--spent', typed: String },
  createdAfter: { flag: '--created-after', typed: dateOf },
  createdBefore: { flag: '--created-before', typed: dateOf },
  fields: { flag: '--fields', typed: String },
  excelSafe: { flag: '--excel-safe', typed: () => '' },
}

/**
 * Holds the first line of a log against the export that is to go on.
 * @throws CliError `usage` naming the first difference, or where the line is none of ours
 */
export function checkHeader(header: unknown, settings: ExportSettings): void {
  const before = settingsIn(header)
  if (before === undefined) {
    throw new CliError('usage', 'what is left of the interrupted export was not written by this version', {
      hint: afresh,
    })
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(settings)])) {
    const [then, now] = [before[name], Object.entries(settings).find(([one]) => one === name)?.[1]]
    if (isDeepStrictEqual(then, now)) continue
    throw new CliError(
      'usage',
      `cannot resume: the interrupted export was made ${differing(name, then, now)}`,
      {
        hint: `resume it with what it was begun with, or ${afresh}`,
      },
    )
  }
}

const afresh = 'start afresh with --force'

function settingsIn(header: unknown): Record<string, unknown> | undefined {
  if (typeof header !== 'object' || header === null) return undefined
  const { v, type, settings } = header as { v?: unknown; type?: unknown; settings?: unknown }
  if (v !== version || type !== 'export' || typeof settings !== 'object' || settings === null)
    return undefined
  return Object.fromEntries(Object.entries(settings))
}

/** "with --mode live, this one without". */
function differing(name: string, then: unknown, now: unknown): string {
  if (name === 'key') return 'with another key'
  const known = flags[name]
  if (known === undefined) return `with ${name} ${visible(`${then}`)}, this one is with ${visible(`${now}`)}`
  const given = (value: unknown): string =>
    value === undefined ? `without ${known.flag}` : `with ${known.flag} ${visible(known.typed(value))}`.trim()
  return `${given(then)}, this one is ${given(now)}`
}

function dateOf(value: unknown): string {
  const date = new Date(Number(value))
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString()
}
