import { describe, expect, test } from 'vitest'
import { buildProgram } from '../src/program.ts'
import { orafi } from './support/orafi.ts'

const surroundings = {
  columns: 80,
  out: () => undefined,
  open() {
    throw new Error('nothing is run here')
  },
}
const whole = buildProgram(surroundings)
const leaves = whole.commands.flatMap((group) =>
  group.commands.map((leaf) => ({ words: [group.name(), leaf.name()], help: leaf.helpInformation() })),
)

describe('a command line that needs one command', () => {
  test('there are groups of commands', () => {
    expect(leaves.length).toBeGreaterThan(12)
  })

  test.each(leaves)('$words is given a tree of that one, with the same help', ({ words, help }) => {
    const program = buildProgram(surroundings, words)
    expect(program.commands.map((one) => one.name())).toEqual(words.slice(0, 1))
    expect(program.commands[0]?.commands.map((one) => one.helpInformation())).toEqual([help])
  })

  test.each([
    [[]],
    [['customers']],
    [['customers', 'lsit']],
    [['runs', 'constructor']],
    [['--json', 'customers', 'get', 'c_1']],
    [['customers', 'get', 'c_1', '--spent=ABOVE500USDT']],
    [['help', 'customers', 'get']],
  ])('%j is given the whole tree', (argv) => {
    expect(buildProgram(surroundings, argv).commands.length).toBe(whole.commands.length)
  })

  test("a flag of another command is refused as a value, and suggested from among all of one's own", async () => {
    const swallowed = await orafi('customers create --firstname --spent --sandbox')
    expect(swallowed.code).toBe(2)
    expect(swallowed.stderr).toContain('--spent is a flag')
    expect((await orafi('customers get c_1 --jsn --sandbox')).stderr).toContain('--json')
  })
})
