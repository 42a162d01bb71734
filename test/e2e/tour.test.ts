import { expect, test } from 'vitest'
import { play } from '../tour/play.ts'

/** `npm run tour` plays it in every width; the tests of a commit in one. */
const widths = process.env.ORAFI_TOUR === 'all' ? [50, 80, 120] : [80]

test.each(widths)(
  'a first session in a terminal of %i columns shows the screens that were looked at',
  async (columns) => {
    await expect(await play(columns)).toMatchFileSnapshot(`../tour/screens-${columns}.txt`)
  },
  120_000,
)
