import { randomBytes } from 'node:crypto'
import { type FileHandle, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from './errors.ts'
import { ensurePrivateFolder } from './folders.ts'
import { chunksOf } from './lines.ts'
import { lifeOf, type Owner, sameStart } from './process.ts'
import { newFile, openRegular } from './regular.ts'

/** A private file without a name, to write something down and read it again, as often as needed. */
export interface Scratch {
  /** Writes behind what was written before. One call at a time. */
  write(piece: string | Uint8Array): Promise<void>
  /** All that was written so far, from the beginning. Ends with the signal's reason when that aborts. */
  read(signal?: AbortSignal): AsyncGenerator<Uint8Array>
  /** Gives the room on the disk back. May be called twice. */
  close(): Promise<void>
}

/** What is used of an open file. */
export type ScratchFile = Pick<FileHandle, 'writeFile' | 'read' | 'close'>

/**
 * Opens a scratch file, 0600 in a 0700 folder. Its name is removed while it is still empty, so that nothing of it is
 * left behind however the process ends. Where the system cannot remove the name of an open file, `close` does; files
 * left behind by dead processes of this machine are removed here.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function openScratch(folder: string, owner: Pick<Owner, 'pid' | 'host'>): Promise<Scratch> {
  await ensurePrivateFolder(folder)
  await sweep(folder, owner.host)
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

/** A scratch over a file that is open and empty; `path` is the name that it had, or has. */
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
        // `write` may write less than it was given; `writeFile` goes on from where the file stands.
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

/** `scratch~HOST~PID~START~RANDOM`: whose it is, as a lock would say it. */
async function uniqueName({ pid, host }: Pick<Owner, 'pid' | 'host'>): Promise<string> {
  const life = await lifeOf(pid)
  const since = (life.state === 'alive' ? life.startTime : undefined) ?? ''
  const random = randomBytes(6).toString('hex')
  return `scratch~${encodeURIComponent(host)}~${pid}~${encodeURIComponent(since)}~${random}`
}

async function sweep(folder: string, host: string): Promise<void> {
  try {
    for (const found of await readdir(folder, { withFileTypes: true })) {
      const { name } = found
      const [word, where = '', pid, since = ''] = name.split('~')
      if (!found.isFile() || word !== 'scratch' || where !== encodeURIComponent(host)) continue
      if (await isOver(Number(pid), since)) await rm(join(folder, name), { force: true })
    }
  } catch (error) {
    throw diskError('clean up', folder, error)
  }
}

/** Whether the process that made it has ended; false where that cannot be seen. */
async function isOver(pid: number, since: string): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  const life = await lifeOf(pid)
  if (life.state === 'dead') return true
  return sameStart(life.startTime && encodeURIComponent(life.startTime), since) === false
}
