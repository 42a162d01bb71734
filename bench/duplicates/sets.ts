import { type Errors, humanErrors, uniformErrors } from './errors.ts'
import {
  reportCultures,
  reportNames,
  reportSiblings,
  tuningCultures,
  tuningNames,
  tuningSiblings,
} from './people.ts'
import type { People } from './person.ts'
import type { Labelled } from './records.ts'
import { mixed } from './sets/mixed.ts'
import { namesakes } from './sets/namesakes.ts'
import { relatives } from './sets/relatives.ts'
import { typos } from './sets/typos.ts'
import { unrelated } from './sets/unrelated.ts'

export interface SetOptions {
  readonly seed: number
  /** How many people, about. */
  readonly size: number
  readonly people: People
  readonly errors: Errors
}

type MakeSet = (options: SetOptions) => readonly Labelled[]

/** The kinds of labelled sets. The same options make the same set. */
export const sets = { typos, relatives, namesakes, unrelated, mixed } satisfies Record<string, MakeSet>
export type SetName = keyof typeof sets
export const setNames: readonly SetName[] = ['typos', 'relatives', 'namesakes', 'unrelated', 'mixed']

/** Where sets come from. */
export interface Pool {
  readonly title: string
  readonly people: People
  readonly errors: Errors
  readonly seeds: readonly number[]
}

/** The model is tuned on the one, and reported on the other: other names, other errors, other seeds. */
export const tuning: Pool = {
  title: 'Tuned on: uniform edits, seeds 1, 2, 3',
  people: { names: tuningNames, cultures: tuningCultures, siblings: tuningSiblings },
  errors: uniformErrors,
  seeds: [1, 2, 3],
}
export const report: Pool = {
  title: 'Reported: keys and sounds, other names, seeds 101, 102, 103',
  people: { names: reportNames, cultures: reportCultures, siblings: reportSiblings },
  errors: humanErrors,
  seeds: [101, 102, 103],
}
