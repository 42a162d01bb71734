/** A word as a POSIX shell reads it back: for commands in hints, which are there to be pasted. A masked key has an ellipsis. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
