import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'

/** The maximum length of a key: longer than any real one, and every server accepts such a header. */
const longestKey = 512

/** `ora_test_` or `ora_live_`, then printable ASCII, which can be sent in a header. */
const keyForm = /^ora_(test|live)_[\x21-\x7e]+$/

/**
 * The mode of a key, by its prefix. Undefined for text that is not an Orafi key: a key has at least 32 characters, and
 * no white space or control characters (docs/orafi-api.md#base-url-and-keys).
 */
export function keyMode(key: string): Mode | undefined {
  if (key.length < 32 || key.length > longestKey) return undefined
  const mode = keyForm.exec(key)?.[1]
  return mode === 'test' || mode === 'live' ? mode : undefined
}

/** A masked key: `ora_test_…last4`. Nothing is shown of text that is not a key. */
export function maskKey(key: string): string {
  const mode = keyMode(key)
  return mode === undefined ? '(not a key)' : `ora_${mode}_…${key.slice(-4)}`
}

/**
 * Sixteen hex digits of the key's SHA-256, to compare keys without storing them. Loads node:crypto, which takes a sixth of
 * a start.
 */
export async function keyHash(key: string): Promise<string> {
  const { createHash } = await import('node:crypto')
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}

/** The maximum size of the input (bytes). */
const mostBytes = 4096

/**
 * Reads a key from a file or a pipe (`login --with-key`): a single line, and blank ones around it, in UTF-8 or UTF-16.
 * Throws `usage` if there is none, or more than one line; the message never quotes the input.
 */
export async function readKey(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += bytes.length
    if (size > mostBytes) throw invalidInput('stdin has more than a key')
    chunks.push(bytes)
  }
  const [key, ...others] = keyLines(decoded(Buffer.concat(chunks)))
  if (key === undefined) throw invalidInput('stdin has no key')
  if (others.length > 0) throw invalidInput('stdin has more than one line')
  return key
}

/** Windows editors and PowerShell write UTF-16, often with a byte order mark. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  const isBigEndian = (first === 0xfe && second === 0xff) || first === 0
  const isLittleEndian = (first === 0xff && second === 0xfe) || second === 0
  return new TextDecoder(isBigEndian ? 'utf-16be' : isLittleEndian ? 'utf-16le' : 'utf-8').decode(bytes)
}

/** The lines of a pasted or piped key that are not blank, without the quotes and the name of a line of an .env file. */
export function keyLines(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .map((line) => /^(?:(?:export\s+)?ORAFI_API_KEY\s*=\s*)?(["']?)(.*)\1$/s.exec(line)?.[2] ?? line)
}

/**
 * The mode of a key that the user entered. Throws `usage`, without quoting it, for text that is not a key, and `auth`
 * if it is not of the mode that `--test` or `--live` requires (docs/contract.md#signing-in).
 */
export function modeOfGivenKey(key: string, required: Mode | undefined): Mode {
  const mode = keyMode(key)
  if (mode === undefined) {
    throw new CliError('usage', 'this is not an Orafi key; nothing was stored', {
      hint: 'a key starts with ora_test_ or ora_live_, has at least 32 characters and no white space',
    })
  }
  if (required !== undefined && required !== mode) {
    throw new CliError(
      'auth',
      `${maskKey(key)} is a ${mode} key, but --${required} was given; nothing was stored`,
      { hint: `leave out --${required}, or use a ${required} key` },
    )
  }
  return mode
}

function invalidInput(message: string): CliError {
  return new CliError('usage', `${message}; nothing was stored`, {
    hint: 'give a file with only the key: orafi login --with-key < file',
  })
}
