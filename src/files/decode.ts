import { isAscii, isUtf8 } from 'node:buffer'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import type { TwiceReadable } from './input.ts'

/** How the bytes of an input become text. */
export interface Encoding {
  /** A label of the WHATWG encoding standard: `utf-8`, `utf-16le`, `windows-1252`. */
  readonly label: string
  readonly isGzip: boolean
  /** What people should know about it; undefined for UTF-8 and for an encoding that was asked for. */
  readonly note: string | undefined
}

/** How much is decoded at a time; bytes. Garbage collection of short-lived objects is cheap, so pieces are small. */
const pieceBytes = 16 * 1024

/**
 * Checks `--encoding NAME`: any label that TextDecoder knows, such as `windows-1252`, `utf-16le`, `macintosh` or
 * `windows-1256`. Throws `usage`.
 */
export function parseEncoding(name: string): string {
  try {
    return new TextDecoder(name).encoding
  } catch {
    throw new CliError('usage', `unknown encoding '${visible(name)}'`, {
      hint: 'for example utf-8, utf-16le, windows-1252 (Western), windows-1256 (Arabic), macintosh',
    })
  }
}

/**
 * Reads an input once to find its encoding: gzip by its first bytes, UTF-8, UTF-16 with a byte order mark, and otherwise
 * Windows-1252, which spreadsheets write. A file with both UTF-8 characters and bytes that are not UTF-8 is damaged:
 * reading it as Windows-1252 would spoil the others.
 *
 * @param forced a checked `--encoding`
 * @throws CliError `usage` for a file that is not text (Excel, PDF, vCard, a picture), and for wrong bytes, with the line
 */
export async function detectEncoding(input: TwiceReadable, forced?: string): Promise<Encoding> {
  const { isGzip, first } = await startOf(input)
  const kind = kindOf(first)
  if (kind !== undefined) throw new CliError('usage', `${input.name} is ${kind[0]}`, { hint: kind[1] })
  const marked = markedEncoding(first)
  const label = forced ?? marked ?? 'utf-8'
  if (label.startsWith('utf-16')) {
    const note = forced === undefined ? `${input.name} is read as UTF-16` : undefined
    return { label, isGzip, note }
  }
  const scan = await scanBytes(plainBytes(input, isGzip), input.name)
  if (label !== 'utf-8' || scan.wrong === undefined) return { label, isGzip, note: undefined }
  // Excel for Mac ends lines with CR where it writes Mac OS Roman.
  const western = scan.hasLineFeed || scan.isOneLine ? 'windows-1252' : 'macintosh'
  const { line, row } = scan.wrong
  if (forced !== undefined || scan.isPartlyUtf8) {
    const what = scan.isPartlyUtf8 ? 'which the rest of the file is' : 'which --encoding asks for'
    throw new CliError('usage', `${input.name}, line ${line} contains bytes that are not UTF-8, ${what}`, {
      hint: `fix the line, or read all of it as Windows-1252 with --encoding windows-1252; the first such word would be '${visible(specialWord(row, 'windows-1252'))}'`,
    })
  }
  if (scan.foreign !== undefined) throw notWestern(input.name, scan.foreign)
  const what = western === 'macintosh' ? 'Mac OS Roman' : 'Windows-1252'
  const word = specialWord(row, western)
  const note = `${input.name} is not UTF-8 and is read as ${what}; the first word with a special character is '${visible(word)}' on line ${line} (if that is wrong, add --encoding NAME)`
  return { label: western, isGzip, note }
}

/** Decodes an input piece by piece, without byte order marks at its start. */
export async function* textOf(
  input: TwiceReadable,
  { label, isGzip }: Pick<Encoding, 'label' | 'isGzip'>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(label)
  let isStart = true
  const withoutMarks = (text: string): string => {
    if (!isStart || text === '') return text
    const rest = text.replace(/^\ufeff+/, '')
    isStart = rest === ''
    return rest
  }
  for await (const chunk of plainBytes(input, isGzip)) {
    for (let at = 0; at < chunk.length; at += pieceBytes)
      yield withoutMarks(decoder.decode(chunk.subarray(at, at + pieceBytes), { stream: true }))
  }
  yield withoutMarks(decoder.decode())
}

/** Decodes a whole input that must be text, such as a plan. Throws what `detectEncoding` throws. */
export async function wholeText(input: TwiceReadable): Promise<string> {
  let text = ''
  for await (const piece of textOf(input, await detectEncoding(input))) text += piece
  return text
}

/** The bytes of an input, decompressed. */
async function* plainBytes(input: TwiceReadable, isGzip: boolean): AsyncGenerator<Uint8Array> {
  if (!isGzip) return yield* input.read()
  const gunzip = createGunzip()
  // Its errors reach the reader of `gunzip`.
  pipeline(Readable.from(input.read(), { objectMode: false }), gunzip, () => undefined)
  try {
    yield* gunzip
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!/^Z_|^ERR_/.test(code)) throw error
    throw new CliError('usage', `${input.name} is a damaged or truncated gzip file`, {
      hint: 'export or download it again',
      cause: error,
    })
  }
}

/** Enough to recognise a kind of file; bytes. */
const startBytes = 4096

/** The first bytes of an input, decompressed. */
async function startOf(input: TwiceReadable): Promise<{ isGzip: boolean; first: Buffer }> {
  const raw = await firstBytes(input.read(), 4)
  const isGzip = raw[0] === 0x1f && raw[1] === 0x8b
  return { isGzip, first: await firstBytes(plainBytes(input, isGzip), startBytes) }
}

async function firstBytes(bytes: AsyncIterable<Uint8Array>, count: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= count) break
  }
  return Buffer.concat(chunks).subarray(0, count)
}

function markedEncoding(first: Buffer): string | undefined {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be'
  return first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 'utf-8' : undefined
}

const saveAsCsv = 'open it and save it as CSV (in Excel: "CSV UTF-8"), then use that file'
const unpack = 'unpack it, and use the file inside'

/** Files that people take for a list of customers: how they start (as Latin-1), what they are, and what to do. */
const kinds: readonly (readonly [start: RegExp, what: string, hint: string])[] = [
  [
    /^PK\x03\x04[\s\S]*(?:\[Content_Types\]\.xml|xl\/)/,
    'an Excel workbook (xlsx), which orafi does not read',
    saveAsCsv,
  ],
  [
    /^PK\x03\x04[\s\S]{0,60}mimetypeapplication\/vnd/,
    'an OpenDocument file, which orafi does not read',
    saveAsCsv,
  ],
  [/^(?:\xff\xfe\0\0|\0\0\xfe\xff)/, 'UTF-32 text, which orafi does not read', 'save it as UTF-8'],
  [/^PK(?:\x03\x04|\x05\x06)/, 'a zip file', unpack],
  [/^\xd0\xcf\x11\xe0/, 'an old Excel workbook (xls), which orafi does not read', saveAsCsv],
  [/^\x1f\x8b/, 'a gzip file inside a gzip file', unpack],
  [/^(?:BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf|Rar!)/, 'a compressed file', unpack],
  [/^%PDF-/, 'a PDF', 'export the list as CSV from where the PDF was made'],
  [
    /^(?:\xef\xbb\xbf)?\s*BEGIN:VCARD/i,
    'a vCard file',
    'export the contacts as CSV (Google Contacts and Outlook do that)',
  ],
  [
    /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|meta|style)\b/i,
    'an HTML page',
    'is it a sign-in page? Download the list again, as CSV. If it is a table, open it in a spreadsheet and save it as CSV',
  ],
  [
    /^(?:\xef\xbb\xbf)?\s*<\?xml\b/i,
    'an XML file, which orafi does not read',
    'export the list as CSV, or open it in a spreadsheet and save it as CSV',
  ],
  [/^\{\\rtf/, 'an RTF document', 'save it as plain text'],
  [/^(?:\x89PNG|\xff\xd8\xff|GIF8|SQLite format 3|PAR1)/, 'not a text file', 'is it the right file?'],
]

function kindOf(first: Buffer): readonly [what: string, hint: string] | undefined {
  const start = first.toString('latin1')
  const found = kinds.find(([pattern]) => pattern.test(start))
  return found === undefined ? undefined : [found[1], found[2]]
}

interface BadRow {
  readonly line: number
  readonly row: Buffer
}

interface Scan {
  /** The first line that is not UTF-8. */
  readonly wrong: BadRow | undefined
  /** The first line with a word that is in no Western language. */
  readonly foreign: BadRow | undefined
  /** Whether there are characters other than ASCII that are UTF-8. */
  readonly isPartlyUtf8: boolean
}

/** How the lines of a file end. */
interface LineEnds {
  readonly hasLineFeed: boolean
  readonly isOneLine: boolean
}

/** Checks every byte. Throws `usage` with the line of a zero byte. */
async function scanBytes(bytes: AsyncIterable<Uint8Array>, name: string): Promise<Scan & LineEnds> {
  /** The line on which the next piece starts. */
  let line = 1
  let endsInReturn = false
  let wrong: Scan['wrong']
  let foreign: Scan['foreign']
  let isPartlyUtf8 = false
  let hasLineFeed = false
  for await (const piece of wholeLinePieces(bytes)) {
    if (endsInReturn && piece[0] === 10) line -= 1
    // Latin-1 keeps bytes apart, so that lines are found whatever the encoding is.
    if (piece.includes(0)) throw zeroByte(piece.toString('latin1'), line, name)
    if (!isUtf8(piece) || (!isPartlyUtf8 && !isAscii(piece))) {
      const found = scanLines(piece.toString('latin1'), line)
      wrong ??= found.wrong
      foreign ??= found.foreign
      isPartlyUtf8 ||= found.isPartlyUtf8
    }
    hasLineFeed ||= piece.includes(10)
    line += lineEnds(piece)
    endsInReturn = piece.at(-1) === 13
  }
  return { wrong, foreign, isPartlyUtf8, hasLineFeed, isOneLine: line === 1 }
}

/** How many lines end in some bytes: `\n`, `\r\n` or `\r`. Searching takes a tenth of looking at each byte. */
function lineEnds(bytes: Buffer): number {
  const feeds = placesOf(10, bytes).length
  return feeds + placesOf(13, bytes).filter((at) => bytes[at + 1] !== 10).length
}

function placesOf(byte: number, bytes: Buffer): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) places.push(at)
  return places
}

/** Any byte that is not ASCII, in Latin-1. */
const special = /[\x80-\xff]/

/** Western words have few letters in a row that are not ASCII. */
const foreignWord = /[\xc0-\xff][\xa1-\xff]{2,}[\xc0-\xff]/

/** Reading Arabic as Windows-1252 would create customers whose names nobody can read. */
function notWestern(name: string, { line, row }: BadRow): CliError {
  const readings = ['windows-1256', 'windows-1251', 'gb18030'].map(
    (label) => `'${visible(specialWord(row, label))}' with --encoding ${label}`,
  )
  return new CliError(
    'usage',
    `${name} is not UTF-8, and line ${line} has words of a language that is not Western`,
    { hint: `save it as UTF-8, or add its encoding; the first such word is ${readings.join(', ')}` },
  )
}

/** Checks the lines of a text in Latin-1. */
function scanLines(text: string, start: number): Scan {
  let wrong: Scan['wrong']
  let foreign: Scan['foreign']
  let isPartlyUtf8 = false
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (!special.test(line)) continue
    const row = Buffer.from(line, 'latin1')
    if (!isUtf8(row)) {
      wrong ??= { line: start + index, row }
      if (foreignWord.test(line)) foreign ??= { line: start + index, row }
    }
    // A byte order mark is in files of any encoding.
    else isPartlyUtf8 ||= special.test(line.replace(/^(?:\xef\xbb\xbf)+/, ''))
  }
  return { wrong, foreign, isPartlyUtf8 }
}

/** Longer lines are cut, at a character of UTF-8; bytes. */
const longestPiece = 1024 * 1024

/** Cuts bytes at ends of lines, so that no character of UTF-8 and no word is in two pieces. */
async function* wholeLinePieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let end = Math.max(rest.lastIndexOf(10), rest.lastIndexOf(13)) + 1
    if (end === 0 && rest.length > longestPiece) end = characterEnd(rest)
    if (end > 0) yield rest.subarray(0, end)
    rest = rest.subarray(end)
  }
  if (rest.length > 0) yield rest
}

/** The end of the last character that is certainly complete. */
function characterEnd(bytes: Buffer): number {
  let end = bytes.length
  for (let back = 1; back <= 4; back++) {
    end = bytes.length - back
    const byte = bytes[end] ?? 0
    if (byte < 0x80 || byte >= 0xc0) break
  }
  return end
}

/** The first word of a line that has a special character, in an encoding. */
function specialWord(line: Buffer, label: string): string {
  // Without `stream`, Node 20 decodes Latin-1 instead.
  const text = new TextDecoder(label).decode(line, { stream: true })
  return (/[\p{L}\p{N}]*[^\0-\x7f][^\s,;|"]*/u.exec(text)?.[0] ?? '').slice(0, 60)
}

function zeroByte(text: string, before: number, name: string): CliError {
  const at = text.indexOf('\0')
  const line = before + text.slice(0, at).split(/\r\n|\n|\r/).length - 1
  const zeros = text.slice(0, 2000).split('\0').length - 1
  // Every second byte of ASCII in UTF-16 is zero.
  const isUtf16 = zeros * 3 > Math.min(text.length, 2000)
  return new CliError('usage', `${name} is not a text file: it has a zero byte on line ${line}`, {
    hint: isUtf16
      ? `it looks like UTF-16 without a byte order mark: add --encoding ${at % 2 === 1 ? 'utf-16le' : 'utf-16be'}`
      : 'is it the right file? A spreadsheet saves as "CSV UTF-8"',
  })
}
