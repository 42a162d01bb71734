/** So many characters of a key in a row are taken for a part of it; fewer may be anything. */
const partLength = 8

/** What every key begins with, which may be shown (docs/orafi-api.md#base-url-and-keys). */
const prefixes = ['ora_test_', 'ora_live_']

/** Servers quote what was quoted to them: so many layers are looked through. */
const mostLayers = 4

/** A character as URLs, JSON and HTML write it: `%2f`, `\u002f`, `\/`, `&#47;`, `&amp;`; any other as it is. */
const written =
  /(?:%|\\u00|\\x)(?<hex>[\da-f]{2})|&#x0*(?<entity>[\da-f]{2});?|&#0*(?<decimal>\d{2,3});?|&(?<name>amp|lt|gt|quot|apos);|\\(?<same>[\s\S])|[\s\S]/g

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
    const hidden = hide(text)
    // Again: the last characters of the key, which are shown, may have come to stand before others of it.
    return hidden === text ? text : hide(hidden)
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
  let layer: Layer = { text: lower(text), start: (at) => at }
  const layers = [layer]
  while (/[%\\&]/.test(layer.text) && layers.length <= mostLayers) {
    layer = decoded(layer)
    layers.push(layer)
  }
  return layers
}

function decoded({ text, start }: Layer): Layer {
  const matches = [...text.matchAll(written)]
  return {
    text: lower(matches.map(characterOf).join('')),
    start: (at) => start(matches[at]?.index ?? text.length),
  }
}

function characterOf({ 0: all, groups = {} }: RegExpMatchArray): string {
  const { hex, entity = hex, decimal, name, same } = groups
  if (entity !== undefined) return String.fromCharCode(Number.parseInt(entity, 16))
  if (decimal !== undefined) return String.fromCharCode(Number(decimal))
  return entities.get(name) ?? same ?? all
}

/** As `toLowerCase`, which makes two characters of some. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
