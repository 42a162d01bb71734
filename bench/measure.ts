import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** The resources that a whole process used. */
export interface Measured {
  /** Wall clock, in seconds. */
  readonly seconds: number
  /** The largest resident size, in MB; of the process itself, not of its children. */
  readonly peakMb: number
  /** User and system time, in seconds. */
  readonly cpuSeconds: number
}

/** Runs a command to its end. Throws if it fails. */
export async function measure(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Measured> {
  const begun = performance.now()
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (text) => {
    errors = `${errors}${text}`.slice(-2000)
  })
  let peakMb = 0
  let cpuSeconds = 0
  // The kernel records the peak, which has to be read before the process ends.
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '')
    const [utime = 0, stime = 0] = stat.split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
    // In ticks of 10 ms, on every common Linux.
    cpuSeconds = Math.max(cpuSeconds, (utime + stime) / 100)
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  }, 20)
  const code = await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${errors}`)
  return { seconds: (performance.now() - begun) / 1000, peakMb, cpuSeconds }
}

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
