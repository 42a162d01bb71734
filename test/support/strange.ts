import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './orafi.ts'

/** What may stand where a file of ours is looked for, and how an error names it. */
export const strangeThings = {
  'a named pipe': (path) => void execFileSync('mkfifo', [path]),
  'a socket': async (path) => {
    // The path of a socket may have about a hundred bytes, so it is made in the folder itself.
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(path, resolve))
    onTestFinished(() => void server.close())
  },
  'a folder': (path) => void mkdirSync(path),
  'a symbolic link to a file': async (path) => {
    const target = join(await temporaryFolder(), 'target')
    writeFileSync(target, 'theirs')
    symlinkSync(target, path)
  },
  'a symbolic link to a device': (path) => void symlinkSync('/dev/zero', path),
  'a symbolic link to itself': (path) => void symlinkSync(path, path),
  // Made by root alone, so it is only tried where the tests are.
  'a device': (path) => void execFileSync('mknod', [path, 'c', '1', '5']),
} satisfies Record<string, (path: string) => void | Promise<void>>

export type Strange = keyof typeof strangeThings

/** Those that can be made here. */
export const strange = (Object.keys(strangeThings) as Strange[]).filter(
  (kind) => kind !== 'a device' || process.getuid?.() === 0,
)

/** What an error calls it. */
export const nameOf = (kind: Strange): string => kind.replace(/ to .*/, '')
