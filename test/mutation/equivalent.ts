interface Equivalent {
  readonly file: string
  readonly text: string
  readonly change: string
  readonly why: string
}

/** Several mutants of one line with the same reason. */
function all(file: string, text: string, why: string, changes: readonly string[]): Equivalent[] {
  return changes.map((change) => ({ file, text, change, why }))
}

/** Mutants without an observable effect, and why. */
export const equivalent: readonly Equivalent[] = [
  ...all(
    'src/api/mask.ts',
    'for (let at = 0; at + partLength <= layer.text.length; at++) {',
    'the slice from -1 to 7 is shorter than any part of a key',
    ['0 - 1'],
  ),
  ...all(
    'src/api/pace.ts',
    "call.signal?.addEventListener('abort', quota.wake, { once: true })",
    'a signal aborts once, and the woken call removes the listener',
    ['false'],
  ),
  ...all(
    'src/api/pace.ts',
    'if (waiting.length === 0) return',
    'a shortcut: with nobody waiting, nobody is woken',
    ['false'],
  ),
  ...all(
    'src/api/wire.ts',
    'autoSelectFamilyAttemptTimeout: Math.max(10, Math.floor(Math.min(addressAttempt, limit / 4))),',
    'Node treats anything below 10 as 10',
    ['10 - 1'],
  ),
  ...all(
    'src/journal/read.ts',
    'for await (const lines of runLines(run, 4096)) {',
    'only the amount read at a time, until the second line is complete',
    ['4096 + 1', '4096 - 1'],
  ),
  ...all(
    'src/journal/forget.ts',
    'const held = chosen.map((one) => ({ ...one, records: counts.get(one.run) ?? 0 }))',
    'only compared with 0; the count is used only if it is greater',
    ['0 - 1'],
  ),
  ...all(
    'src/journal/person.ts',
    'return emails.length > 0 && hasText(entry, (text) => emails.some((email) => holdsAddress(text, email)))',
    'a shortcut: without e-mails none is found in the entry',
    ['0 - 1', '(emails.length) >= (0)'],
  ),
  ...all(
    'src/journal/person.ts',
    'for (let at = folded.indexOf(email); at >= 0; at = folded.indexOf(email, at + 1)) {',
    'an address cannot start one character after its own start: it would be one repeated character',
    ['1 + 1'],
  ),
  ...all(
    'src/journal/read.ts',
    'for (let number = 0; number < tally.counts().items; number++) {',
    'no item has the number -1 or their count; missing items are skipped',
    ['0 - 1', '(number) <= (tally.counts().items)'],
  ),
  ...all(
    'src/journal/read.ts',
    'while (list.length <= number) list.push(-1)',
    'the next line fills the missing entry; at 0 is the header, which is neither intent nor outcome',
    ['(list.length) < (number)', '1 + 1', '1 - 1'],
  ),
  ...all(
    'src/journal/read.ts',
    'put(outcomes, number, -1)',
    'anything below 0 means none, and at 0 is the header, which is not an outcome',
    ['1 + 1', '1 - 1'],
  ),
  ...all(
    'src/journal/read.ts',
    'return async (start = -1) => {',
    'anything below 0 means none, and at 0 is the header, which is neither intent nor outcome',
    ['1 + 1', '1 - 1'],
  ),
  ...all(
    'src/journal/read.ts',
    'if (start < 0) return undefined',
    'at 0 is the header, which is neither intent nor outcome, so the result is undefined too',
    ['(start) <= (0)', '0 + 1'],
  ),
  ...all('src/journal/read.ts', 'let flags = new Uint8Array(1024)', 'only the initial capacity', [
    '1024 + 1',
    '1024 - 1',
  ]),
  ...all(
    'src/journal/read.ts',
    'const longer = new Uint8Array(flags.length * 2)',
    'only the capacity until it grows again',
    ['2 + 1'],
  ),
  ...all(
    'src/journal/read.ts',
    'done += flag - (flags[number] ?? 0)',
    'not reached: there is a flag for every number; the default is for the compiler',
    ['0 + 1', '0 - 1'],
  ),
  {
    file: 'src/bulk/pool.ts',
    text: 'await waitUntilBelow(() => 1)',
    change: '1 - 1',
    why: 'a limit below 1 counts as 1',
  },
  {
    file: 'src/bulk/pool.ts',
    text: 'if (first !== undefined) yield await first',
    change: 'first',
    why: 'an async generator awaits what it yields',
  },
  {
    file: 'src/bulk/export.ts',
    text: 'return error instanceof ApiError && [400, 404, 409, 410, 422].includes(error.status ?? 0)',
    change: '0 + 1',
    why: 'neither 0 nor 1 is in the list',
  },
  {
    file: 'src/bulk/deletion.ts',
    text: "person: hash('sha256', stringifyExact([firstname ?? null, lastname ?? null, email ?? null])),",
    change: 'firstname',
    why: 'undefined in an array is null in JSON',
  },
  {
    file: 'src/bulk/deletion.ts',
    text: "person: hash('sha256', stringifyExact([firstname ?? null, lastname ?? null, email ?? null])),",
    change: 'lastname',
    why: 'undefined in an array is null in JSON',
  },
  {
    file: 'src/bulk/deletion.ts',
    text: "person: hash('sha256', stringifyExact([firstname ?? null, lastname ?? null, email ?? null])),",
    change: 'email',
    why: 'undefined in an array is null in JSON',
  },
  {
    file: 'src/bulk/export.ts',
    text: 'const serialiser = from.pages === 0 ? options.serialiser : continued(options.serialiser, from.written)',
    change: '0 - 1',
    why: 'continuing after 0 customers is starting, and starting gives the same text',
  },
  {
    file: 'src/bulk/import-unresolved.ts',
    text: 'const waitMs = Math.min(timeoutMs, Math.max(0, last + timeoutMs - now()))',
    change: '0 - 1',
    why: 'a wait of -1 ms is no wait, and not shown',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match',
    change: '0 + 1',
    why: 'the defaults are for the compiler: there are always six numbers',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match',
    change: '0 - 1',
    why: 'the defaults are for the compiler: there are always six numbers',
  },
  {
    file: 'src/customers/dates.ts',
    text: '.slice(1, 7)',
    change: '7 + 1',
    why: 'a seventh part is not used',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const made = new Date(0)',
    change: '0 + 1',
    why: 'all its parts are set afterwards',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const made = new Date(0)',
    change: '0 - 1',
    why: 'all its parts are set afterwards',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const time = digits === undefined ? 0 : Number.parseInt(digits, 36)',
    change: '0 + 1',
    why: 'also before the first cuid, like 0',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const time = digits === undefined ? 0 : Number.parseInt(digits, 36)',
    change: '0 - 1',
    why: 'also before the first cuid, like 0',
  },
  {
    file: 'src/customers/guards.ts',
    text: "return typeof value === 'number' && value > 0",
    change: '(value) >= (0)',
    why: 'not called with 0, which is nothing spent',
  },
  {
    file: 'src/customers/fingerprint.ts',
    text: "if (value === 0) return '0'",
    change: 'false',
    why: 'a shortcut: the next line gives the same for 0',
  },
  {
    file: 'src/customers/fingerprint.ts',
    text: 'if (one === undefined || other === undefined) return one === other',
    change: 'false',
    why: 'a shortcut: only undefined has the canonical form undefined',
  },
  {
    file: 'src/api/mask.ts',
    text: 'const run = text.slice(at, end < 0 ? undefined : end)',
    change: '(end) <= (0)',
    why: 'the end of a run is after its start, so never 0',
  },
  {
    file: 'src/api/mask.ts',
    text: 'const seen = new Set([layers[0]?.text])',
    change: '0 - 1',
    why: 'the text itself is searched once more',
  },
  {
    file: 'src/hints.ts',
    text: "if (status >= 300 && status < 400) return 'redirects are not followed: check ORAFI_BASE_URL'",
    change: '300 - 1',
    why: 'not called with 299, which is a success',
  },
]
