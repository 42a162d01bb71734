import { AsyncLocalStorage } from 'node:async_hooks'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunnerTestCase, TestContext } from 'vitest'
import { VitestTestRunner } from 'vitest/runners'
import { getFn } from 'vitest/suite'

declare global {
  var mutant: ((id: number) => boolean) | undefined
  var constant: ((evaluate: () => void) => void) | undefined
}

const folder = process.env.MUTATION_FOLDER ?? ''
const alive = new Set<number>(JSON.parse(readFileSync(join(folder, 'mutants.json'), 'utf8')))
/** Mutants that every test may depend on. */
const everywhere: readonly number[] = JSON.parse(readFileSync(join(folder, 'static.json'), 'utf8'))

/** One run of a test with one active mutant. */
interface Try {
  readonly deadline: number
  isOver: boolean
}
const current = new AsyncLocalStorage<Try>()
let active = -1
const constants: (() => void)[] = []
let reached = new Set<number>()
let calls = 0

globalThis.mutant = (id) => {
  const one = current.getStore()
  calls += 1
  // An endless loop must not continue during the next tests.
  if (one !== undefined && (one.isOver || (calls % 1024 === 0 && performance.now() > one.deadline))) {
    one.isOver = true
    throw new Error('This try took too long.')
  }
  reached.add(id)
  return id === active
}

globalThis.constant = (evaluate) => {
  constants.push(evaluate)
}

function activate(id: number): void {
  active = id
  for (const evaluate of constants) evaluate()
}

/** Longer tests are not repeated for each mutant: they check one rule with thousands of inputs. */
const longestMs = 3000

/** A mutant that survives this many tests counts as a survivor, which can only lower the score. */
const mostTries = 1000
const tries = new Map<number, number>()

/**
 * Runs each test once without mutants, recording which ones it reaches, and then once for each of those still alive.
 */
export default class MutationRunner extends VitestTestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const tidy = async (): Promise<void> => {
      // Vitest waits for `expect` on promises, and would wait forever for those of an endless try.
      test.promises = []
      // Vitest would call these once, after all tries.
      const { onFinished = [] } = test as { onFinished?: ((context: TestContext) => unknown)[] }
      const errors: unknown[] = []
      for (const hook of onFinished.splice(0).reverse()) {
        try {
          await hook(test.context)
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw errors[0]
    }
    const run = async (): Promise<void> => {
      try {
        await getFn(test)()
      } finally {
        // An abandoned try is already cleaned up: what is there now belongs to the current one.
        if (!current.getStore()?.isOver) await tidy()
      }
    }
    const here = new Set(everywhere)
    reached = here
    const started = performance.now()
    await asItIs(test.name, run)
    const usualMs = performance.now() - started
    reached = new Set()
    note('reached', [...here])
    if (usualMs > longestMs) return
    const tried = [...here].filter((id) => alive.has(id) && (tries.get(id) ?? 0) < mostTries)
    for (const id of tried) {
      writeFileSync(join(folder, 'trying'), String(id))
      tries.set(id, (tries.get(id) ?? 0) + 1)
      const why = await tryOne(id, run, 5000 + 10 * usualMs)
      if (why === undefined) continue
      // What an endless try leaves open must not affect the next one.
      await tidy().catch(() => undefined)
      alive.delete(id)
      note('killed', [{ id, by: test.name, why }])
    }
    // A test that cannot be repeated would have killed everything.
    if (tried.length > 0) await asItIs(test.name, run)
  }
}

async function asItIs(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    note('broken', [`${name}: ${error}`])
    throw error
  }
}

/** Appends facts to a file that the command reads, one per line. */
function note(name: string, facts: readonly unknown[]): void {
  appendFileSync(join(folder, name), facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''))
}

async function tryOne(id: number, run: () => Promise<void>, limitMs: number): Promise<string | undefined> {
  const one: Try = { deadline: performance.now() + limitMs, isOver: false }
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      one.isOver = true
      resolve('took too long')
    }, limitMs)
  })
  activate(id)
  const tried = current.run(one, () =>
    run().then(
      () => (one.isOver ? 'took too long' : undefined),
      (error: unknown) => String(error).slice(0, 200),
    ),
  )
  const failed = await Promise.race([tried, limit])
  activate(-1)
  clearTimeout(timer)
  return failed
}
