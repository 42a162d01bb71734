import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { count } from './options.ts'

/** Which of the two documented forms the customers come in. */
export function answers() {
  return new Option('--answers <form>', 'customers as the answers are documented, or as the object page is')
    .choices(['documented', 'object'] as const)
    .default('documented' as const)
}

/** A TCP port; 0 stands for a free one. */
export function port(text: string): number {
  const number = count(text)
  if (number > 65_535) throw new InvalidArgumentError('It takes a port from 0 to 65535.')
  return number
}

/** How many customers a sandbox begins with: a byte of memory each. */
export function customers(text: string): number {
  const number = count(text)
  if (number > 50_000_000) throw new InvalidArgumentError('It takes at most 50,000,000.')
  return number
}

/** A share from 0 to 1, such as 0.05. */
export function share(text: string): number {
  const number = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  if (!(number <= 1)) throw new InvalidArgumentError('It takes a share from 0 to 1, such as 0.05.')
  return number
}

/** So many requests in so many seconds, such as 50/10. */
export function rateLimit(text: string): { requests: number; seconds: number } {
  const [, requests, seconds] = /^(\d{1,9})\/(\d{1,6}(?:\.\d+)?)$/.exec(text) ?? []
  const limit = { requests: Number(requests), seconds: Number(seconds) }
  if (!(limit.requests >= 1 && limit.seconds > 0)) {
    throw new InvalidArgumentError('It takes requests and seconds, such as 50/10.')
  }
  return limit
}
