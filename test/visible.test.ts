import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visible } from '../src/visible.ts'

/** Any text at all: letters, controls, emoji, halves of surrogate pairs. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('\u200c', '\u200d', '\u202e', '\u2066', '\x1b', '\n', '\x9b', '👩', 'ع', 'ක', 'a', '\\'),
  ),
})

describe('visible', () => {
  it('lets no character through that acts on a terminal or turns the reading direction', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).not.toMatch(
          /[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u,
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('changes nothing when it is applied twice', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(visible(text))).toBe(visible(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('leaves plain text alone, a backslash too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(visible(text)).toBe(text)
      }),
    )
  })

  it.each([
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['one\r\ntwo\tthree', 'one\\x0d\\x0atwo\\x09three'],
    ['\x7f\x9b', '\\x7f\\x9b'],
    ['abc\u202etxt.exe', 'abc\\u202etxt.exe'],
    ['\u2066hidden\u2069', '\\u2066hidden\\u2069'],
    ['line\u2028line\u2029', 'line\\u2028line\\u2029'],
    ['\ufeffmail', '\\ufeffmail'],
    ['pay\u200bpal', 'pay\\u200bpal'],
    ['soft\xadhyphen', 'soft\\xadhyphen'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['half \ud83d', 'half \\ud83d'],
  ])('shows %j as text', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it.each([
    'Adébáyọ̀',
    '田中 太郎',
    'עברית',
    'محمد حسن',
    '😀',
    '👩🏽‍⚕️',
    '👨‍👩‍👧',
    '🏴‍☠️',
    'علی\u200cرضا',
    'ශ්\u200dරී',
    'क्\u200dष',
  ])('leaves the name %s as it is written', (name) => {
    expect(visible(name)).toBe(name)
  })

  it.each([
    ['ad\u200dmin', 'ad\\u200dmin'],
    ['ad\u200cmin', 'ad\\u200cmin'],
    ['👩\u200d', '👩\\u200d'],
    ['علی\u200c', 'علی\\u200c'],
    ['👩\u200d\u200d👩', '👩\\u200d\\u200d👩'],
  ])('shows a joiner in %j, where it joins nothing', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('keeps newlines, and nothing else, where they are wanted', () => {
    expect(visible('one\ntwo\r\n\x1b', { keepNewlines: true })).toBe('one\ntwo\\x0d\n\\x1b')
  })
})
