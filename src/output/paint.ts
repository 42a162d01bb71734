import { Chalk } from 'chalk'

/** The few ways in which text differs from text: quiet labels, loud LIVE. */
export interface Paint {
  label(text: string): string
  quiet(text: string): string
  live(text: string): string
}

/** @param colour whether to paint at all; nobody's surroundings are looked at */
export function createPaint(colour: boolean): Paint {
  const chalk = new Chalk({ level: colour ? 1 : 0 })
  return { label: chalk.dim, quiet: chalk.dim, live: chalk.red.bold }
}
