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
/** Those that every test may depend on. */
const everywhere: readonly number[] = JSON.parse(readFileSync(join(folder, 'static.json'), 'utf8'))

/** One run of a test with one mutant awake. */
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
  // A loop that no longer ends must not go on behind the next tests.
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

function awaken(id: number): void {
  active = id
  for (const evaluate of constants) evaluate()
}

/** Longer tests are not run again for each mutant: they look at one rule with thousands of inputs. */
const longestMs = 3000

/** A mutant that so many tests let live is taken for a survivor: the score can only be too low by that. */
const mostTries = 1000
const tries = new Map<number, number>()

/**
 * Runs each test once as it is, noting which mutants it reaches, and then once for each of those that is still alive.
 */
export default class MutationRunner extends VitestTestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const tidy = async (): Promise<void> => {
      // Vitest waits for what was expected of promises, and would wait for ever for those of a try that never ends.
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
        // A try that was given up is tidied away already: what is there now belongs to the one that runs now.
        if (!current.getStore()?.isOver) await tidy()
      }
    }
    const here = new Set(everywhere)
    reached = here
    const began = performance.now()
    await asItIs(test.name, run)
    const usualMs = performance.now() - began
    reached = new Set()
    note('reached', [...here])
    if (usualMs > longestMs) return
    const tried = [...here].filter((id) => alive.has(id) && (tries.get(id) ?? 0) < mostTries)
    for (const id of tried) {
      writeFileSync(join(folder, 'trying'), String(id))
      tries.set(id, (tries.get(id) ?? 0) + 1)
      const why = await tryOne(id, run, 5000 + 10 * usualMs)
      if (why === undefined) continue
      // What a try that never ends leaves open, and expects, is not for the next one to be judged by.
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

/** Appends facts to a file that the command reads, one a line. */
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
  awaken(id)
  const tried = current.run(one, () =>
    run().then(
      () => (one.isOver ? 'took too long' : undefined),
      (error: unknown) => String(error).slice(0, 200),
    ),
  )
  const failed = await Promise.race([tried, limit])
  awaken(-1)
  clearTimeout(timer)
  return failed
}
