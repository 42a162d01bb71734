import { nameTokens } from '../customers/names.ts'
import lists from './impersonal.json' with { type: 'json' }

/** Local parts of addresses of companies and teams, folded like names. */
const roles = new Set(words(lists.roles))

/** Local parts that people type instead of an address. */
const placeholders = new Set(words(lists.placeholders))

/** Words at the start of the local part, or as the domain, that mark a placeholder. */
const noAddress = words(lists.noAddress)

/**
 * Whether an address (see `exactAddress`) does not belong to one person: a `role` is read by several people (`info@`,
 * `sales.lagos@`), a `placeholder` is typed instead of an address (`none@none.com`, `xx@…`, `asdf@…`).
 */
export function impersonal(address: string): 'role' | 'placeholder' | undefined {
  const at = address.lastIndexOf('@')
  const local = withoutTag(address.slice(0, at))
  const domain = address.slice(at + 1)
  const tokens = nameTokens(local.replace(/\p{N}+/gu, ' '))
  const joined = tokens.join('')
  const name = nameTokens(domain.split('.', 1)[0]).join('')
  if (placeholders.has(joined) || isFiller(nameTokens(local).join(''), name)) return 'placeholder'
  if (domain.endsWith('.invalid') || noAddress.some((word) => joined.startsWith(word) || name === word))
    return 'placeholder'
  return roles.has(joined) || tokens.some((token) => roles.has(token)) ? 'role' : undefined
}

function withoutTag(local: string): string {
  const plus = local.indexOf('+')
  return plus > 0 ? local.slice(0, plus) : local
}

/** The domain repeated (`x@x.com`), one character repeated (`xx@`, `000@`), or adjacent keys (`asdf@`, `a@b.com`). */
function isFiller(local: string, domain: string): boolean {
  if (local === domain || /^(.)\1+$/u.test(local)) return true
  return lists.keyRuns.some(
    (run) => (local.length >= 3 && run.includes(local)) || run.includes(local + domain),
  )
}

function words(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' ')).flatMap(nameTokens)
}
