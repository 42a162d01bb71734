import { describe, expect, test } from 'vitest'
import { deletedElsewhere, undoneBy } from '../../src/journal/list.ts'
import type { Intent, Outcome } from '../../src/journal/records.ts'
import type { NewRun } from '../../src/journal/run.ts'
import { begin, begun, journalFolder, owner, person } from './journal.ts'

type What = Partial<Intent> | (Partial<Outcome> & Pick<Outcome, 'outcome'>)

/** A closed run of one customer, with one line after the other; what has an outcome is one. */
async function written(
  folder: string,
  header: Partial<NewRun>,
  time: number,
  lines: readonly What[],
): Promise<string> {
  const run = await begin(folder, header, time)
  for (const line of lines) {
    if ('outcome' in line) await run.conclude([{ item: 'c_1', at: time, ...line }])
    else await run.intend([{ item: 'c_1', at: time, ...line }])
  }
  await run.close()
  return run.id
}

const intent = { record: person('c_1') }

describe('what the undos of a run did about a customer', () => {
  test.each<[string, readonly What[], object | undefined]>([
    ['created again', [intent, { outcome: 'created', newId: 'c_7' }], { state: 'undone', newId: 'c_7' }],
    ['deleted again', [intent, { outcome: 'deleted' }], { state: 'undone', newId: undefined }],
    ['gone already', [intent, { outcome: 'notFound' }], { state: 'undone', newId: undefined }],
    ['sent, with no outcome', [intent], { state: 'unknown' }],
    [
      'sent, with an answer that was lost',
      [intent, { outcome: 'failed', code: 'ambiguous' }],
      { state: 'unknown' },
    ],
    ['looked for in vain', [intent, { outcome: 'undecided' }], { state: 'unknown' }],
    ['refused', [intent, { outcome: 'failed', code: 'api_error' }], undefined],
    ['never sent', [{ outcome: 'notSent' }], undefined],
  ])('%s', async (_what, lines, state) => {
    const folder = journalFolder()
    const undone = await written(folder, {}, begun, [intent, { outcome: 'deleted' }])
    const undo = await written(folder, { command: 'undo', undoes: undone }, begun + 1000, lines)
    const found = await undoneBy(folder, undone, owner)
    expect(found).toEqual(new Map(state === undefined ? [] : [['c_1', { ...state, run: undo }]]))
    expect(await undoneBy(folder, undo, owner)).toEqual(new Map())
  })

  test('is undone if any undo succeeded, regardless of the others', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const folder = journalFolder()
      const undone = await written(folder, {}, begun, [intent])
      const tries: (readonly What[])[] = [[intent], [intent, { outcome: 'created', newId: 'c_7' }]]
      const undos: string[] = []
      for (const [later, index] of order.entries()) {
        const header = { command: 'undo' as const, undoes: undone }
        undos[index] = await written(folder, header, begun + 1000 * (later + 1), tries[index] ?? [])
      }
      expect((await undoneBy(folder, undone, owner)).get('c_1')).toEqual({
        state: 'undone',
        run: undos[1],
        newId: 'c_7',
      })
    }
  })
})

describe('who else deleted a customer', () => {
  const earlier = begun - 1000
  const later = begun + 1000
  test.each<[string, Partial<NewRun>, number, readonly What[], boolean]>([
    ['a run that deleted it, earlier', {}, earlier, [intent, { outcome: 'deleted' }], true],
    ['a run that deleted it, later', {}, later, [intent, { outcome: 'deleted' }], true],
    ['an undo that deleted it', { command: 'undo' }, later, [intent, { outcome: 'deleted' }], true],
    ['a later run whose end is not known', {}, later, [intent], true],
    [
      'a later run whose answer was lost',
      {},
      later,
      [intent, { outcome: 'failed', code: 'ambiguous' }],
      true,
    ],
    ['but no earlier run whose end is not known', {}, earlier, [intent], false],
    ['but no run of the same moment whose end is not known', {}, begun, [intent], false],
    ['but no run that was refused', {}, later, [intent, { outcome: 'failed', code: 'api_error' }], false],
    ['but no run that found it gone', {}, later, [intent, { outcome: 'notFound' }], false],
    ['but no run without a record to delete', {}, later, [{}], false],
    ['but no lost answer without a record', {}, later, [{}, { outcome: 'failed', code: 'ambiguous' }], false],
    ['but no import', { command: 'import' }, later, [intent, { outcome: 'deleted' }], false],
    ['but no run of another account', { identity: 'other' }, later, [intent, { outcome: 'deleted' }], false],
  ])('%s', async (_what, header, time, lines, isIt) => {
    const folder = journalFolder()
    // The run itself is of the account as well, and deleted the customer too.
    const run = await written(folder, {}, begun, [intent, { outcome: 'deleted' }])
    const other = await written(folder, header, time, lines)
    const asked = { run, when: new Date(begun).toISOString() }
    const found = await deletedElsewhere(folder, asked, owner, ({ identity }) => identity === 'sandbox test')
    expect(found).toEqual(new Map(isIt ? [['c_1', other]] : []))
  })
})
