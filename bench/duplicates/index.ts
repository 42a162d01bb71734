// `npm run bench:duplicates`: who is one person, on labelled sets, and time and memory up to a million customers.
//   -- quality [SET…] [--size 3000] [--certainty 0.5]…   precision and recall, into bench/RESULTS.md
//   -- scale [--sizes 10000,100000]                      time and memory, into bench/RESULTS.md
//   -- look SET [tuning|report]                          the mistakes, with the model's reasons
import { parseArgs } from 'node:util'
import { reportQuality } from './report.ts'
import { reportScale } from './scale.ts'
import { setNames } from './sets.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '3000' },
    sizes: { type: 'string', default: '10000,100000,1000000' },
    certainty: { type: 'string', multiple: true, default: ['0.5', '0.9', '0.99'] },
  },
})
const [part, ...rest] = positionals
const size = Number(values.size)

switch (part) {
  case undefined:
    await quality([])
    await scale()
    break
  case 'quality':
    await quality(rest)
    break
  case 'scale':
    await scale()
    break
  case 'look': {
    const [kind, pool = 'tuning'] = rest
    const known = setNames.find((name) => name === kind)
    if (known === undefined) throw new Error(`There is no set ${kind}: ${setNames.join(', ')}.`)
    // Loaded here, since the other parts also measure a model that cannot explain itself.
    const { look } = await import('./look.ts')
    await look(known, pool, size)
    break
  }
  default:
    throw new Error(`There is no part ${part}: quality, scale, look.`)
}

async function quality(kinds: readonly string[]): Promise<void> {
  await reportQuality({ kinds, size, certainties: values.certainty.map(Number) })
}

async function scale(): Promise<void> {
  await reportScale(values.sizes.split(',').map(Number))
}
