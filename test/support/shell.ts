import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import { createClock } from './clock.ts'
import { orafi, temporaryFolder, testTime, words } from './orafi.ts'

/** What a line did. */
export interface Did {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A shell in a folder of its own, in which `orafi` is the program of this process, on the sandbox. */
export interface Shell {
  readonly home: string
  /** Runs a line as it stands. `typed` is what a person at the terminal types, a line a question; without it nobody is there. */
  run(line: string, typed?: string): Promise<Did>
  write(name: string, text: string): Promise<void>
  read(name: string): Promise<string>
}

/**
 * Stands on the PATH as `orafi`: hands words, environment and input to the test, and prints what comes back. Bash alone
 * does it, since starting other programs for each call would take most of the time of the tests.
 */
const stub = `#!/usr/bin/env bash
call=$TEST_CALLS/$$
printf '%s\\0' "$@" > "$call.words"
for name in "\${!ORAFI_@}"; do printf '%s=%s\\0' "$name" "\${!name}"; done > "$call.env"
IFS= read -r -d '' text
printf %s "$text" > "$call.stdin"
exec 3<> "/dev/tcp/127.0.0.1/$TEST_PORT"
echo "$call" >&3
read -r code <&3
mapfile -d '' text < "$call.stderr"
printf %s "\${text[@]}" >&2
mapfile -d '' text < "$call.stdout"
printf %s "\${text[@]}"
exit "$code"
`

/** Opens a shell for one test. The process stands in its folder until the test ends, for the paths in its lines. */
export async function openShell(env: Record<string, string> = { ORAFI_SANDBOX: '1' }): Promise<Shell> {
  const home = await temporaryFolder()
  const tools = join(home, 'tools')
  const work = join(home, 'work')
  const calls = join(home, 'calls')
  const clock = createClock(testTime)
  let typed: string | undefined
  const program = (line: readonly string[], variables: Record<string, string>, stdin: string) =>
    orafi(line, {
      home,
      clock,
      env: variables,
      ...(typed === undefined ? { stdin } : { stdin: typed, tty: ['stdin', 'stderr'] as const }),
    })
  const answer = async (call: string): Promise<number> => {
    const read = (name: string) => readFile(`${call}.${name}`, 'utf8')
    const variables = (await read('env')).split('\0').filter((one) => one !== '')
    const { code, stdout, stderr } = await program(
      (await read('words')).split('\0').slice(0, -1),
      Object.fromEntries(variables.map((one) => one.split(/=(.*)/s).slice(0, 2))),
      await read('stdin'),
    )
    await writeFile(`${call}.stdout`, stdout)
    await writeFile(`${call}.stderr`, stderr)
    return code
  }
  const server = createServer((socket) => {
    socket.once('data', async (line) => socket.end(`${await answer(line.toString().trim())}\n`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  for (const folder of [tools, work, calls]) await mkdir(folder)
  await writeFile(join(tools, 'orafi'), stub)
  await chmod(join(tools, 'orafi'), 0o755)
  const before = process.cwd()
  process.chdir(work)
  onTestFinished(() => {
    process.chdir(before)
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    home,
    async run(line, given) {
      typed = given
      // Words alone mean to a shell what they mean here.
      if (/^orafi( [\w@.:/=,-]+)*$/.test(line)) return program(words(line).slice(1), env, '')
      const { exitCode, stdout, stderr } = await execa('bash', ['-o', 'pipefail', '-c', line], {
        cwd: work,
        env: {
          ...env,
          HOME: home,
          PATH: `${tools}:${process.env.PATH}`,
          TEST_CALLS: calls,
          TEST_PORT: String(port),
        },
        extendEnv: false,
        reject: false,
        input: '',
        stripFinalNewline: false,
      })
      return { code: exitCode ?? -1, stdout, stderr }
    },
    write: (name, text) => writeFile(join(work, name), text),
    read: (name) => readFile(join(work, name), 'utf8'),
  }
}
