import { CliError } from '../errors.ts'
import { writtenAhead } from './ahead.ts'
import type { ImportRow } from './import-row.ts'
import type { ImportOptions, ImportReport } from './importing.ts'
import { runPool } from './pool.ts'
import { createSender, type Sender, type SenderOptions } from './sender.ts'
import { settle } from './settle.ts'

/**
 * How many intents share one fsync. Small, since a crash leaves up to two blocks of rows that have to be looked for;
 * large enough that the journal costs little.
 */
const intentBlock = 128

/** How often rows that did not arrive are sent again before the rest is an outage. */
const rounds = 3

/**
 * Sends every row that is not there yet, each once: an intent is on disk before its request leaves, and a request
 * whose outcome is unknown is looked for in the account, at the end, before anything is sent a second time
 * (docs/contract.md#each-row-once). Never throws for what happens to a row; what stops the rest stands in `stopped`.
 */
export async function importRows(options: ImportOptions): Promise<ImportReport> {
  const report: ImportReport = { created: 0, skipped: 0, rejected: 0, undecided: 0, stopped: undefined }
  const onEnd: SenderOptions['onEnd'] = (row, end, reason) => {
    if (end === 'created' || end === 'skipped' || end === 'rejected') report[end] += 1
    options.onEvent({ type: 'row', row, end, reason })
  }
  const { client, run, signal, now } = options
  const sender = createSender({ client, conclude: run.conclude, onEnd, signal, now })
  try {
    await sendAll(options, sender, unsent(options, sender, onEnd))
    for (let round = 1; sender.again.length > 0 && sender.stopped === undefined; round++) {
      if (round > rounds) throw stillDown(sender.again.length)
      await sendAll(options, sender, listed(sender.again.splice(0)))
    }
    if (sender.stopped === undefined)
      await settle(options, sender, onEnd, (rows) => sendAll(options, sender, listed(rows)))
    report.stopped = sender.stopped
  } catch (error) {
    report.stopped = error
  }
  report.undecided = sender.aside.length
  return report
}

/** Sends rows over the pool, their intents written a block ahead. */
async function sendAll(
  { run, throttle, now }: ImportOptions,
  sender: Sender,
  rows: AsyncIterable<readonly ImportRow[]>,
): Promise<void> {
  const write = (block: readonly ImportRow[]): Promise<void> =>
    run.intend(block.map(({ item, hash }) => ({ item, hash, at: now() })))
  const unused = (block: readonly ImportRow[]): Promise<void> =>
    run.conclude(block.map(({ item }) => ({ item, at: now(), outcome: 'notSent' as const })))
  await runPool({
    items: writtenAhead({ blocks: rows, write, most: intentBlock }, unused),
    work: (row) => sender.send(row),
    allowed: () => throttle.allowed,
    isStopped: () => sender.stopped !== undefined,
  })
}

/** The rows that are to be sent now: not those that are there, nor those that an earlier run may have sent. */
async function* unsent(
  { rows, exists, earlier, allowExisting }: ImportOptions,
  sender: Sender,
  onEnd: SenderOptions['onEnd'],
): AsyncGenerator<ImportRow[], void, undefined> {
  for await (const block of rows) {
    yield block.filter((row) => {
      const isThere = allowExisting ? earlier.created.has(row.hash) : exists(row.email)
      const open = earlier.open.get(row.hash)
      if (open !== undefined && !(isThere && allowExisting)) {
        // Who is there already needs no wait: it is only found out whether the earlier run created them.
        sender.aside.push({ row, at: isThere ? 0 : Math.max(...open.map(({ at }) => at)) })
        onEnd(row, 'aside')
      } else if (isThere) onEnd(row, 'skipped')
      return open === undefined && !isThere
    })
  }
}

async function* listed(rows: readonly ImportRow[]): AsyncGenerator<readonly ImportRow[], void, undefined> {
  yield rows
}

function stillDown(rows: number): CliError {
  return new CliError('unavailable', `${rows} rows could not be sent: the API stayed unavailable`, {
    hint: 'nothing is lost: run the same import again later',
  })
}
