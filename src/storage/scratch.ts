import { randomBytes } from 'node:crypto'
import { type FileHandle, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from './errors.ts'
import { ensurePrivateFolder } from './folders.ts'
import { chunksOf } from './lines.ts'
import { lifeOf, type Owner, sameStart } from './process.ts'
import { newFile, openRegular } from './regular.ts'

/** A private temporary file without a name, which can be read repeatedly. */
export interface Scratch {
  /** Appends. One call at a time. */
  write(piece: string | Uint8Array): Promise<void>
  /** Reads everything written so far, from the start. Throws the signal's reason on abort. */
  read(signal?: AbortSignal): AsyncGenerator<Uint8Array>
  /** Frees the disk space. May be called twice. */
  close(): Promise<void>
}

/** The methods used of an open file. */
export type ScratchFile = Pick<FileHandle, 'writeFile' | 'read' | 'close'>

/**
 * Opens a scratch file, 0600 in a 0700 folder. It is unlinked while it is still empty, so that nothing is left behind
 * however the process ends. If the system cannot unlink an open file, `close` does. Also removes the files left behind
 * by dead processes of this machine.
 * @throws CliError `local_error` if the disk fails
 */
export async function openScratch(folder: string, owner: Pick<Owner, 'pid' | 'host'>): Promise<Scratch> {
  await ensurePrivateFolder(folder)
  await removeLeftBehind(folder, owner.host)
  const path = join(folder, await uniqueName(owner))
  let file: FileHandle | undefined
  try {
    file = await openRegular(path, newFile)
    await rm(path, { force: true }).catch(() => undefined)
    return startScratch(file, path)
  } catch (error) {
    await file?.close()
    throw diskError('write', path, error)
  }
}

/** A scratch in an open, empty file; `path` is its current or former name. */
export function startScratch(file: ScratchFile, path: string): Scratch {
  let closed: Promise<void> | undefined
  const end = async (): Promise<void> => {
    await file.close()
    await rm(path, { force: true }).catch((error: unknown) => {
      throw diskError('remove', path, error)
    })
  }
  return {
    async write(piece) {
      try {
        // `write` may write only part of the data; `writeFile` writes all of it, from the current position.
        await file.writeFile(piece)
      } catch (error) {
        throw diskError('write', path, error)
      }
    },
    async *read(signal) {
      try {
        yield* chunksOf(file, signal)
      } catch (error) {
        signal?.throwIfAborted()
        throw diskError('read', path, error)
      }
    },
    close() {
      closed ??= end()
      return closed
    },
  }
}

/** `scratch~HOST~PID~START~RANDOM`: identifies the owner, as in a lock file. */
async function uniqueName({ pid, host }: Pick<Owner, 'pid' | 'host'>): Promise<string> {
  const life = await lifeOf(pid)
  const since = (life.state === 'alive' ? life.startTime : undefined) ?? ''
  const random = randomBytes(6).toString('hex')
  return `scratch~${encodeURIComponent(host)}~${pid}~${encodeURIComponent(since)}~${random}`
}

async function removeLeftBehind(folder: string, host: string): Promise<void> {
  try {
    for (const found of await readdir(folder, { withFileTypes: true })) {
      const { name } = found
      const [word, where = '', pid, since = ''] = name.split('~')
      if (!found.isFile() || word !== 'scratch' || where !== encodeURIComponent(host)) continue
      if (await isDead(Number(pid), since)) await rm(join(folder, name), { force: true })
    }
  } catch (error) {
    throw diskError('clean up', folder, error)
  }
}

/** Whether the process that created it has ended; false if unknown. */
async function isDead(pid: number, since: string): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  const life = await lifeOf(pid)
  if (life.state === 'dead') return true
  return sameStart(life.startTime && encodeURIComponent(life.startTime), since) === false
}
