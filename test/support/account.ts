import { key, type Reply, startAnswering } from '../api/answering.ts'
import type { Circumstances } from './orafi.ts'

/** A record as a server may send it, whatever stands in it. */
export type Odd = { readonly id: string } & Readonly<Record<string, unknown>>

/** An account whose records the test wrote down, in raw JSON where objects cannot say it. */
export interface Account extends Pick<Circumstances, 'url' | 'key'> {
  /** The ids of every DELETE that came. */
  readonly deleted: readonly string[]
}

/** A loopback server with these records on one page; more than a page holds come in pages of 100. */
export async function openAccount(records: readonly (Odd | string)[]): Promise<Account> {
  const bodies = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))
  const ids = bodies.map((body) => String(JSON.parse(body).id))
  const deleted: string[] = []
  const reply: Reply = (response, { line }) => {
    const [method = '', path = ''] = line.split(' ')
    const url = new URL(path, 'http://127.0.0.1')
    const answer = (status: number, beside: string): void =>
      void response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(`{"success":${status < 400},"message":"ok"${beside}}`)
    if (url.pathname === '/customers') {
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const to = from + Math.min(100, Number(url.searchParams.get('limit') ?? 20))
      const next = to < bodies.length ? `"${to}"` : 'null'
      const data = bodies.slice(from, to).join(',')
      return answer(200, `,"data":[${data}],"nextCursor":${next},"hasNextPage":${next !== 'null'}`)
    }
    const id = decodeURIComponent(url.pathname.replace('/customers/', ''))
    const place = ids.indexOf(id)
    if (place === -1 || deleted.includes(id)) return answer(404, '')
    if (method === 'DELETE') deleted.push(id)
    answer(200, `,"data":${bodies[place] ?? 'null'}`)
  }
  const server = await startAnswering()
  server.answersAll(reply)
  return { url: server.url, key, deleted }
}
