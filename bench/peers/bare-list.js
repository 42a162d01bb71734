// The peer of `customers export`: page after page through a bare undici Pool, each written as NDJSON.
// Usage: node bare-list.js FILE.ndjson, with ORAFI_BASE_URL and ORAFI_API_KEY.
import { createWriteStream } from 'node:fs'
import process from 'node:process'
import { Pool } from 'undici'

const out = createWriteStream(process.argv[2] ?? '')
const pool = new Pool(process.env.ORAFI_BASE_URL ?? '', { connections: 1 })
const headers = { 'x-api-key': process.env.ORAFI_API_KEY ?? '' }
let cursor = ''

for (;;) {
  const path = `/customers?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`
  const { body } = await pool.request({ method: 'GET', path, headers })
  const { customers, nextCursor } = (await body.json()).data
  const lines = customers.map((customer) => `${JSON.stringify(customer)}\n`).join('')
  if (!out.write(lines)) await new Promise((resolve) => out.once('drain', resolve))
  if (!nextCursor) break
  cursor = nextCursor
}
await new Promise((resolve) => out.end(resolve))
await pool.destroy()
