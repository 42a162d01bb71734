import rootHelp from './root-help.json' with { type: 'json' }
import { version } from './version.ts'
import type { World } from './world.ts'

/**
 * Runs one command line and resolves with its exit code. All side effects go through `world`; it never throws and never
 * exits the process. `--version` and the root help are answered without loading the commands.
 */
export async function main(argv: readonly string[], world: World): Promise<number> {
  const answer = argv.length === 1 ? knownAnswer(argv[0], world.stdout.columns || 80) : undefined
  if (answer !== undefined) {
    try {
      await world.stdout.write(answer)
      return 0
    } catch (error) {
      const { report } = await import('./command-line.ts')
      return report(error, argv, world)
    }
  }
  const { run } = await import('./command-line.ts')
  return run(argv, world)
}

function knownAnswer(flag: string | undefined, columns: number): string | undefined {
  if (flag === '--version' || flag === '-V') return `${version}\n`
  return (flag === '--help' || flag === '-h') && columns === 80 ? rootHelp.join('\n') : undefined
}
