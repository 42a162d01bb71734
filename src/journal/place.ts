import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { diskError, errorCode } from '../storage/errors.ts'
import { visible } from '../visible.ts'
import type { RunCommand } from './records.ts'

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const idForm = /^\d{8}-\d{6}-[a-z0-9]{4}$/

/**
 * A run's id: its time in UTC, so that ids sort, and four characters against
 * others of the same second; short enough to be typed.
 *
 * @param now epoch ms
 */
export function newRunId(now: number, random: () => number): string {
  const digits = new Date(now).toISOString().replace(/\D/g, '')
  const tail = Array.from({ length: 4 }, () => letters.charAt(Math.floor(random() * letters.length)))
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${tail.join('')}`
}

/**
 * Where a run's file is. An id comes from the command line, and `../x` is none.
 *
 * @throws CliError `not_found` for what cannot be the id of a run
 */
export function runPath(folder: string, id: string): string {
  if (!idForm.test(id)) throw noSuchRun(id)
  return join(folder, `${id}.ndjson`)
}

/** The lock that is held while a run is written to, and for as long as it goes on. */
export function lockPath(folder: string, id: string): string {
  return join(folder, `${id}.lock`)
}

export function noSuchRun(id: string): CliError {
  return new CliError('not_found', `there is no run '${visible(id)}'`, {
    hint: 'orafi runs list shows the runs that there are',
  })
}

/**
 * The ids of all runs, the newest first. No folder is no runs: who only reads makes none.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function runIds(folder: string): Promise<string[]> {
  const names = await namesIn(folder)
  return names
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length))
    .filter((id) => idForm.test(id))
    .sort()
    .reverse()
}

/**
 * The ids of runs of which a copy was left behind, by a process that was killed while it wrote a run anew.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function leftCopies(folder: string): Promise<string[]> {
  const ids = (await namesIn(folder)).flatMap((name) => /^\.(.+)\.ndjson\.[^.]+\.tmp$/.exec(name)?.[1] ?? [])
  return [...new Set(ids)].filter((id) => idForm.test(id))
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw diskError('read', folder, error)
  }
}

/** A run's command as it was typed. */
export const typed: Record<RunCommand, string> = {
  delete: 'orafi customers delete',
  import: 'orafi customers import',
  undo: 'orafi runs undo',
}
