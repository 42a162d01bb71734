import type { RecordPage } from './records.ts'

/** A status and a JSON body in the envelope (docs/orafi-api.md#envelope). */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** A success with `data`; what a page adds stands beside it. */
export function success(status: 200 | 201, message: string, data: unknown): Answer {
  return { status, body: JSON.stringify({ success: true, message, data }) }
}

/** A page: `data` is the array, `nextCursor` and `hasNextPage` stand beside it (docs/orafi-api.md#pagination). */
export function pageOf({ customers, nextCursor, hasNextPage }: RecordPage): Answer {
  const message = 'Customers retrieved successfully'
  return {
    status: 200,
    body: JSON.stringify({ success: true, message, data: customers, nextCursor, hasNextPage }),
  }
}

export function failure(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ success: false, message }) }
}
