import { type Command, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { CliError } from '../../errors.ts'
import { report } from '../../output/result.ts'
import { guide } from '../../reference/guide.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import type { SandboxStore } from '../../sandbox/store.ts'
import { count, positive } from '../options.ts'
import { answers, customers, port, rateLimit, share } from '../sandbox-options.ts'
import { openStore, type ServeOptions, start } from '../sandbox-serving.ts'

/** `orafi sandbox serve` */
export function define(command: Command, run: Run): void {
  command
    .description('Run the sandbox for other programs, until it is interrupted. Prints its URL and keys.')
    .addOption(new Option('--port <port>', '0 takes a free one').argParser(port).default(4010))
    .addOption(
      new Option('--customers <n>', 'customers that a new sandbox begins with (250)').argParser(customers),
    )
    .addOption(new Option('--seed <n>', 'decides who they are').argParser(count))
    .addOption(new Option('--latency <ms>', 'every answer waits so long').argParser(count).default(0))
    .addOption(new Option('--max-page <n>', 'the most customers on a page').argParser(positive).default(100))
    .addOption(answers())
    .option('--ephemeral', 'keep everything in memory; nothing is read or left on disk')
    .optionsGroup('Faults:')
    .addOption(
      new Option('--fail-rate <p>', 'share answered with 500, 502 or 503').argParser(share).default(0),
    )
    .addOption(new Option('--drop-rate <p>', 'share cut without an answer').argParser(share).default(0))
    .addOption(
      new Option('--rate-limit <n/seconds>', 'answer 429 beyond n requests in so many seconds').argParser(
        rateLimit,
      ),
    )
    .option('--conflict', 'answer 409 to a create whose e-mail is there')
    .action(run(serve))
  guide(command, {
    notes: 'Of the requests that fail or are cut, half were carried out before.',
    examples: [
      'orafi sandbox serve',
      'orafi sandbox serve --ephemeral --customers 100000 --latency 20',
      'orafi sandbox serve --drop-rate 0.05 --rate-limit 50/10',
    ],
  })
}

async function serve(context: Context, options: ServeOptions): Promise<void> {
  const { failRate, dropRate } = options
  if (failRate + dropRate > 1)
    throw new CliError('usage', '--fail-rate and --drop-rate are more than 1 together')
  const store = await openStore(context, options)
  try {
    const sandbox = await start(context, store, options)
    try {
      await context.print(described(sandbox, store))
      const where = options.ephemeral ? 'in memory' : 'kept on disk'
      await context.note(`SANDBOX of ${store.count} customers (${where}) at ${sandbox.url}; Ctrl-C ends it`)
      await interrupted(context.signal)
    } finally {
      await sandbox.close()
    }
  } finally {
    await store.close()
  }
}

function described({ url, keys }: Sandbox, { shop }: SandboxStore) {
  const lines = [
    `export ORAFI_BASE_URL=${url}`,
    `export ORAFI_API_KEY=${keys.test}`,
    `# export ORAFI_API_KEY=${keys.live}`,
  ]
  return report(
    { url, keys, ...shop },
    lines.map((line) => ({ line })),
    [{ key: 'line', title: '' }],
  )
}

/** Only ends by throwing why: a server that is stopped by a signal was interrupted (docs/contract.md#exit-codes). */
function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
