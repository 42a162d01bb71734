/** So many characters of a key in a row are taken for a part of it; fewer may be anything. */
const partLength = 8

/** What every key begins with, which may be shown (docs/orafi-api.md#base-url-and-keys). */
const prefixes = ['ora_test_', 'ora_live_']

/** Servers quote what was quoted to them: so many encodings on top of each other are looked through. */
const mostLayers = 8

/** Each time that a text is looked through again less of the key is left; so often at most. */
const mostRounds = 20

/** The most texts that one is taken for: strangers write it, and three encodings can be undone in any order. */
const mostReadings = 64

/**
 * A character as URLs, JSON and HTML write it (`%2f`; `\u002f`, `\/`; `&#47;`, `&amp;`), any other as it is. One encoding
 * is undone at a time: `%EC` before `\"` may be the end of one key and the beginning of another.
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
 * Makes the function that hides a key in a text: where eight or more of its characters stand in a row there is
 * `shown` instead, be they written as they are, in capitals, or encoded for a URL, JSON or HTML. It is for whole
 * messages, after all else was done to them: one that was cut may hold most of a key.
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
    // Again: the last characters of the key, which are shown, may have come to stand before others of it.
    for (let round = 1; hidden !== before && round < mostRounds; round++) {
      before = hidden
      hidden = hide(hidden)
    }
    return hidden
  }
}

/** Each run of characters that are to be hidden becomes `shown`, unless it is the beginning that all keys have. */
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

/** A text in small letters, and where in the original each of its characters begins; the one after the last at its end. */
interface Layer {
  readonly text: string
  start(at: number): number
}

/** The text as it is, and what it stands for when one encoding after the other is undone. */
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

/** As `toLowerCase`, which makes two characters of some. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
