import { documentedFields } from '../../api/customer.ts'
import { fieldOf } from '../../customers/fields.ts'
import { careOf } from '../../customers/guards.ts'
import type { PlanTally } from '../../duplicates/plan.ts'
import type { Decision } from '../../duplicates/plan-schema.ts'
import type { Card, Shown } from '../../duplicates/review.ts'
import { modeTextOf, textOf } from '../../output/cells.ts'
import { type Paint, type Surface, spentText } from '../../output/columns.ts'
import { flowed, flowedWords, shortened, widthOf, wrapTo } from '../../output/width.ts'
import { visible } from '../../visible.ts'
import { certaintyText, waterfall } from './waterfall.ts'

const words: Readonly<Record<Decision, string>> = {
  keep: 'keep',
  delete: 'DELETE',
  review: 'undecided',
  out: 'other person',
}

const keys = [
  ...['←/→ record', 'd delete', 'x different person', 'k keep this one', 'u undo', 'Enter accept group'],
  ...['n next', 'b back', 'q save and leave'],
]

/** The fields that make a deletion dangerous. */
const risks: readonly string[] = ['mode', 'totalSpent']

const labelWidth = 11
const gap = 2
/** More than two records are shown side by side only in columns at least this wide: an id fits, and e-mails are compared. */
const comfortable = 27
/** The narrowest column for the two that are always shown side by side. */
const narrowest = 12

/**
 * The screen for one group: the record to keep beside as many of the others as fit, among them the chosen one, with the
 * keys at the bottom. Values that differ from the record to keep are marked.
 */
export function reviewScreen(shown: Shown, { columns, rows, paint }: Surface): string {
  const { number, tally, cards, note } = shown
  const progress = flowed([`Group ${number} of ${tally.groups}`, ...progressOf(tally)], ' · ', columns)
  const reason = flowedWords(headingOf(shown), columns)
  const seen = inView(cards, Math.max(2, Math.floor((columns - labelWidth) / (comfortable + gap))))
  const draw = (fields: readonly string[]): string[] => drawRecords(seen, fields, columns, paint)
  const reasons = seen.flatMap((card) =>
    reasonsOf(card, shown.why, false).flatMap((text) => flowedWords(`${card.number}: ${text}`, columns)),
  )
  const missing = cards.length - seen.length
  const foot = [
    ...(missing > 0 ? [`${missing} more of ${cards.length} records: ←/→`] : []),
    ...(note === undefined ? [] : flowedWords(note, columns).map((line) => paint.difference(line))),
    ...flowed(keys, ' · ', columns).map((line) => paint.quiet(line)),
  ]
  const known = knownFields(seen)
  const decisive = known.filter((field) => risks.includes(field))
  const others = known.filter(
    (field) => !risks.includes(field) && seen.some(({ differs }) => differs.includes(field)),
  )
  // A low screen loses first what the records have in common, then the reasons; never who was seen live or has spent.
  const whole = [...progress, ...reason, '', ...draw(known), '', ...reasons]
  const short = [...progress, ...reason, ...draw([...decisive, ...others]), ...reasons]
  const shortest = [...progress, ...draw([...decisive, ...others])]
  // The last row stays free for the cursor.
  const room = rows === undefined ? whole.length + 1 : Math.max(1, rows - 1 - foot.length)
  const lines =
    whole.length < room
      ? whole
      : [
          ...(short.length < room ? short : shortest).slice(0, room - 1),
          '… enlarge the terminal to see the rest',
        ]
  const space = Array.from({ length: Math.max(0, room - lines.length) }, () => '')
  return `${[...lines, ...space, ...foot].map((line) => line.trimEnd()).join('\n')}\n`
}

function progressOf({ groups, decided, delete: deleted }: PlanTally): string[] {
  return [`${decided} of ${groups} decided`, `${deleted} to delete`]
}

/** The record to keep, and a window of the others with the chosen one. */
function inView(cards: readonly Card[], most: number): Card[] {
  const others = cards.filter(({ keeper }) => !keeper)
  const chosen = others.findIndex((card) => card.chosen)
  const from = Math.max(0, Math.min(chosen, others.length - (most - 1)))
  return [...cards.filter(({ keeper }) => keeper), ...others.slice(from, from + most - 1)]
}

/** Records side by side, or one below the other where there is no room for that. */
export function drawRecords(
  cards: readonly Card[],
  fields: readonly string[],
  columns: number,
  paint: Paint,
): string[] {
  const width = Math.floor((columns - labelWidth) / cards.length) - gap
  return width >= narrowest ? sideBySide(cards, fields, width, paint) : stacked(cards, fields, columns, paint)
}

function sideBySide(
  cards: readonly Card[],
  fields: readonly string[],
  width: number,
  paint: Paint,
): string[] {
  const row = (label: string, cells: readonly Cell[]): string[] => {
    const wrapped = cells.map(({ text }) => wrapTo(text, width))
    const height = Math.max(...wrapped.map(({ length }) => length))
    return Array.from({ length: height }, (_, line) => {
      const parts = cells.map((cell, index) => {
        const piece = wrapped[index]?.[line] ?? ''
        return `${cell.paint?.(piece) ?? piece}${' '.repeat(Math.max(0, width + gap - widthOf(piece)))}`
      })
      return `${paint.label(padded(line === 0 ? label : '', labelWidth))}${parts.join('')}`
    })
  }
  return [
    ...row(
      '',
      cards.map((card) => ({
        text: `${card.chosen ? '▶ ' : '  '}${card.number} ${words[card.member.decision]}`,
        paint: styleOf(card, paint),
      })),
    ),
    ...fields.flatMap((field) =>
      row(
        field,
        cards.map((card) => {
          const differs = card.differs.includes(field)
          const text = `${differs ? '≠ ' : '  '}${shownValue(card, field, paint.colour, '␣')}`
          if (isRisk(card, field)) return { text, paint: paint.danger }
          return differs ? { text, paint: paint.difference } : { text }
        }),
      ),
    ),
  ]
}

/** Whether a record was seen live, or has spent. */
function isRisk({ member }: Card, field: string): boolean {
  const { live, spent } = careOf(member.record)
  return (field === 'mode' && live) || (field === 'totalSpent' && spent)
}

interface Cell {
  readonly text: string
  paint?(text: string): string
}

function styleOf({ member }: Card, paint: Paint): (text: string) => string {
  const styles = { keep: paint.good, delete: paint.danger, review: paint.difference, out: paint.quiet }
  return styles[member.decision]
}

/** For terminals too narrow for two columns. */
function stacked(cards: readonly Card[], fields: readonly string[], columns: number, paint: Paint): string[] {
  return cards.flatMap((card) => [
    `${card.chosen ? '▶ ' : '  '}${card.number} ${words[card.member.decision]}`,
    ...fields.flatMap((field) =>
      wrapTo(
        `${card.differs.includes(field) ? '≠ ' : '  '}${field} ${shownValue(card, field, paint.colour, '␣')}`,
        columns,
      ),
    ),
  ])
}

/**
 * The group in words only, for screen readers and terminals that cannot redraw: every record, and the numbered choices.
 */
export function reviewText(shown: Shown): string {
  const { number, tally, why, cards, note } = shown
  const records = cards.flatMap((card) => [
    ...recordText(card, knownFields(cards)),
    ...reasonsOf(card, why, true).map((text) => `  ${text.replaceAll('\u00a0', ' ')}`),
  ])
  const lines = [
    `Group ${number} of ${tally.groups}: ${headingOf(shown)}`,
    progressOf(tally).join(', '),
    ...records,
    ...(note === undefined ? [] : [`Note: ${note}`]),
    '',
    ...cards
      .filter(({ chosen }) => chosen)
      .flatMap((card) => choicesFor(card).map(({ text }, index) => `${index + 1}. ${text}`)),
  ]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

/** A record in words only. */
export function recordText(card: Card, fields: readonly string[]): string[] {
  const lines = fields.map((field) => {
    const value = shownValue(card, field, false, '[space]')
    return `  ${field}: ${value}${card.differs.includes(field) ? ' (differs)' : ''}`
  })
  return [`Record ${card.number}: ${words[card.member.decision]}`, ...lines]
}

/** The choices of `reviewText` for the chosen record, in their order. */
export function choicesFor({ number, member: { decision } }: Card) {
  const record = `record ${number}`
  return [
    { text: `${decision === 'delete' ? 'do not delete' : 'delete'} ${record}`, step: { do: 'delete' } },
    {
      text: `${record} ${decision === 'out' ? 'may be the same person' : 'is a different person'}`,
      step: { do: 'separate' },
    },
    { text: `keep ${record} instead`, step: { do: 'keep' } },
    { text: 'choose the next record', step: { do: 'next' } },
    { text: 'accept the group', step: { do: 'accept' } },
    { text: 'go to the next group', step: { do: 'nextGroup' } },
    { text: 'go back to the previous group', step: { do: 'previousGroup' } },
    { text: 'undo the last decision', step: { do: 'undo' } },
    { text: 'save and leave', step: { do: 'quit' } },
  ] as const
}

/** The fields that at least one of the records has. */
export function knownFields(cards: readonly Card[]): string[] {
  return documentedFields.filter((field) =>
    cards.some(({ member }) => textOf(fieldOf(member.record, field)) !== ''),
  )
}

/**
 * Shortened first: names are untrusted and may be long, and every key redraws the screen.
 * @param colour whether what is dangerous is painted; if not, words say it
 * @param space stands for white space that cannot be seen otherwise
 */
function shownValue(card: Card, field: string, colour: boolean, space: string): string {
  const value = fieldOf(card.member.record, field)
  const text = visible(withSpaces(shortened(field === 'mode' ? modeTextOf(value) : textOf(value)), space))
  return field === 'totalSpent' && isRisk(card, field) ? spentText(text, colour) : text
}

/** Makes white space visible if it is at an end, repeated, or not an ordinary space. */
function withSpaces(text: string, space: string): string {
  return text.replace(/^\s+|\s+$|\s{2,}|[^\S \n\r\t]/gu, (found) =>
    [...found].map((one) => (/[\p{Zs}]/u.test(one) ? space : one)).join(''),
  )
}

/** How certain the group is, and why it is one. */
function headingOf({ level, why, cards }: Shown): string {
  const members = cards.map(({ member }) => member).filter(({ decision }) => decision !== 'out')
  const probabilities = members.map(({ probability }) => probability)
  return visible(shortened(`${certaintyText(level, probabilities)}: ${why}`))
}

/**
 * What speaks for one person and against it; why it is in the group, if not for the reason of the whole group; and why a
 * person has to decide.
 */
function reasonsOf({ member }: Card, groupWhy: string, plain: boolean): string[] {
  const reasons = [member.why, ...member.reasons].filter((text) => text !== '' && text !== groupWhy)
  return [waterfall(member, plain), visible(shortened(reasons.join('; ')))].filter((text) => text !== '')
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}
