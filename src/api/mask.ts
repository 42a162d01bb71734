/** This many consecutive characters of a key count as a part of it; fewer may be a coincidence. */
const partLength = 8

/** The prefixes of keys, which may be shown (docs/orafi-api.md#base-url-and-keys). */
const prefixes = ['ora_test_', 'ora_live_']

/** How many nested encodings are decoded: servers may echo text that was encoded before. */
const mostLayers = 8

/** How many times a text is masked again, until it does not change. */
const mostRounds = 20

/** How many decodings of one untrusted text are tried: three encodings can be nested in any order. */
const mostReadings = 64

/**
 * An encoded character of URLs, JSON or HTML (`%2f`; `\u002f`, `\/`; `&#47;`, `&amp;`), or any other character. One
 * encoding is decoded at a time: `%EC` before `\"` may be the end of one key and the beginning of another.
 */
const encodings = [
  { sign: '%', written: /%(?<hex>[\da-f]{2})|[\s\S]/g },
  { sign: '\\', written: /\\(?:u00|x)(?<hex>[\da-f]{2})|\\(?<same>[\s\S])|[\s\S]/g },
  {
    sign: '&',
    written: /&#x0*(?<hex>[\da-f]{2});?|&#0*(?<decimal>\d{2,3});?|&(?<name>amp|lt|gt|quot|apos);|[\s\S]/g,
  },
]

const entities: ReadonlyMap<string | undefined, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/**
 * Returns a function that masks a key in a text: eight or more consecutive characters of it are replaced by `shown`,
 * whether in plain text, in upper case, or encoded for a URL, JSON or HTML. Apply it to whole, final messages: a text
 * cut afterwards may hold most of a key.
 * @param shown the key as it may be shown: `ora_test_…1a2b`
 */
export function createMask(key: string, shown: string): (text: string) => string {
  const parts = new Set<string>()
  for (const { text } of layersOf(key)) {
    for (let at = 0; at + partLength <= text.length; at++) parts.add(text.slice(at, at + partLength))
  }
  const hide = (text: string): string => {
    const hidden = new Uint8Array(text.length)
    for (const layer of layersOf(text)) {
      for (let at = 0; at + partLength <= layer.text.length; at++) {
        if (parts.has(layer.text.slice(at, at + partLength)))
          hidden.fill(1, layer.start(at), layer.start(at + partLength))
      }
    }
    return replaceHidden(text, hidden, shown)
  }
  return (text) => {
    let before = text
    let hidden = hide(text)
    // The last characters of the key, which `shown` has, may now form a part of it with the text that follows.
    for (let round = 1; hidden !== before && round < mostRounds; round++) {
      before = hidden
      hidden = hide(hidden)
    }
    return hidden
  }
}

/** Replaces each run of hidden characters by `shown`, unless it is only the prefix of all keys. */
function replaceHidden(text: string, hidden: Uint8Array, shown: string): string {
  let masked = ''
  for (let at = 0; at < text.length; ) {
    const isHidden = hidden[at] === 1
    const end = hidden.indexOf(isHidden ? 0 : 1, at)
    const run = text.slice(at, end < 0 ? undefined : end)
    const isPrefix = prefixes.some((prefix) => prefix.includes(run.toLowerCase()))
    masked += isHidden && !isPrefix ? shown : run
    at += run.length
  }
  return masked
}

/** A decoded text in lower case, and where each of its characters starts in the original (`at` may be its length). */
interface Layer {
  readonly text: string
  start(at: number): number
}

/** The text itself, and every text that it decodes to. */
function layersOf(text: string): Layer[] {
  const layers: Layer[] = [{ text: lower(text), start: (at) => at }]
  const seen = new Set([layers[0]?.text])
  for (let from = 0, depth = 0; depth < mostLayers && from < layers.length; depth++) {
    const outer = layers.slice(from)
    from = layers.length
    for (const layer of outer) {
      for (const { sign, written } of encodings) {
        if (!layer.text.includes(sign)) continue
        const inner = decoded(layer, written)
        if (seen.has(inner.text) || layers.length >= mostReadings) continue
        seen.add(inner.text)
        layers.push(inner)
      }
    }
  }
  return layers
}

function decoded({ text, start }: Layer, written: RegExp): Layer {
  const matches = [...text.matchAll(written)]
  return {
    text: lower(matches.map(characterOf).join('')),
    start: (at) => start(matches[at]?.index ?? text.length),
  }
}

function characterOf({ 0: all, groups = {} }: RegExpMatchArray): string {
  const { hex, decimal, name, same } = groups
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
  if (decimal !== undefined) return String.fromCharCode(Number(decimal))
  return entities.get(name) ?? same ?? all
}

/** Not `toLowerCase`, which turns some characters into two. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
