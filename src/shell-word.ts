/** Quotes a word for a POSIX shell, if needed, for commands to copy. Masked keys have an ellipsis. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
