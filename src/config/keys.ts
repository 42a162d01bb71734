import { createHash } from 'node:crypto'
import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'

/** The most characters a key may have here: far above any real one, and a header that every server takes. */
const longestKey = 512

/** `ora_test_` or `ora_live_`, then printable ASCII: what a header can carry and a person can paste. */
const keyForm = /^ora_(test|live)_[\x21-\x7e]+$/

/**
 * The mode a key belongs to, by its prefix, or undefined for text that is no Orafi key: at least 32 characters, no
 * white space, no control characters (docs/orafi-api.md#base-url-and-keys).
 */
export function keyMode(key: string): Mode | undefined {
  if (key.length < 32 || key.length > longestKey) return undefined
  const mode = keyForm.exec(key)?.[1]
  return mode === 'test' || mode === 'live' ? mode : undefined
}

/** A key as it may be shown: `ora_test_…last4`. Text that is no key shows nothing of itself. */
export function maskKey(key: string): string {
  const mode = keyMode(key)
  return mode === undefined ? '(not a key)' : `ora_${mode}_…${key.slice(-4)}`
}

/** Sixteen hex digits of the key's SHA-256: tells two keys apart without giving either away. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}

/** More than any key; bytes. */
const mostBytes = 4096

/**
 * The key in a file or a pipe (`login --with-key`): one line, its end left out. Throws `usage`, quoting nothing, when
 * there is none or more than one line.
 */
export async function readKey(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += bytes.length
    if (size > mostBytes) throw refused('stdin holds more than a key')
    chunks.push(bytes)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const line = text.replace(/^\ufeff/, '').replace(/\r?\n$/, '')
  if (line === '') throw refused('stdin holds no key')
  if (/[\r\n]/.test(line)) throw refused('stdin holds more than one line')
  return line
}

/**
 * The mode of a key that somebody handed in. Throws `usage`, quoting nothing of it, for what is no key, and `auth`
 * when it is not of the mode that `--test` or `--live` insisted on (docs/contract.md#signing-in).
 */
export function modeOfGivenKey(key: string, insisted: Mode | undefined): Mode {
  const mode = keyMode(key)
  if (mode === undefined) {
    throw new CliError('usage', 'that is not an Orafi key; nothing was stored', {
      hint: 'a key starts with ora_test_ or ora_live_, has at least 32 characters and no white space',
    })
  }
  if (insisted !== undefined && insisted !== mode) {
    throw new CliError(
      'auth',
      `${maskKey(key)} is a ${mode} key, but --${insisted} was given; nothing was stored`,
      {
        hint: `leave out --${insisted}, or use a ${insisted} key`,
      },
    )
  }
  return mode
}

function refused(message: string): CliError {
  return new CliError('usage', `${message}; nothing was stored`, {
    hint: 'write the key, alone: orafi login --with-key < file',
  })
}
