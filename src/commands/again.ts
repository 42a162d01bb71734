import { shellWord } from '../shell-word.ts'

/**
 * The command line that goes on where this one stopped: the same words, with the cursor. Quoted for a POSIX shell,
 * since it is there to be pasted (docs/contract.md#listing).
 */
export function withCursor(argv: readonly string[], cursor: string): string {
  const kept = without(argv, '--cursor')
  return ['orafi', ...kept, '--cursor', cursor].map(shellWord).join(' ')
}

/** The same command line with a flag more, and another one less. */
export function withFlag(argv: readonly string[], flag: string, instead?: string): string {
  const kept = argv.filter((word) => word !== flag && word !== instead)
  const end = kept.includes('--') ? kept.indexOf('--') : kept.length
  return ['orafi', ...kept.slice(0, end), flag, ...kept.slice(end)].map(shellWord).join(' ')
}

function without(argv: readonly string[], option: string): string[] {
  const kept: string[] = []
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === option) index += 1
    else if (!word.startsWith(`${option}=`)) kept.push(word)
  }
  return kept
}
