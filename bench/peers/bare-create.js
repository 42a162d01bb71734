// The peer of `customers import`: the same rows through a bare undici Pool, with no journal, no checks, no retries.
// Usage: node bare-create.js FILE.csv CONCURRENCY, with ORAFI_BASE_URL and ORAFI_API_KEY.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { Pool } from 'undici'

const [file = '', concurrency = '8'] = process.argv.slice(2)
const rows = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1)
const pool = new Pool(process.env.ORAFI_BASE_URL ?? '', { connections: Number(concurrency) })
const headers = { 'x-api-key': process.env.ORAFI_API_KEY ?? '', 'content-type': 'application/json' }
let next = 0

async function worker() {
  while (next < rows.length) {
    const [firstname, lastname, email] = (rows[next++] ?? '').split(',')
    const body = JSON.stringify({ firstname, lastname, email })
    const answer = await pool.request({ method: 'POST', path: '/customers/create', headers, body })
    await answer.body.json()
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, worker))
await pool.destroy()
