import { connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { worldOf } from '../src/world.ts'

test('an answer that arrived while the process was stopped comes before the time-out', async () => {
  const { timer } = worldOf(process)
  const events: string[] = []
  const server = createServer((socket) => {
    socket.write('answer')
    // Nothing runs from here on, as in a stopped process: both the answer and the end of the time are due.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1')
  await new Promise<void>((resolve) => {
    timer(50, () => {
      events.push('time-out')
      resolve()
    })
    socket.on('data', (data) => events.push(String(data)))
  })
  socket.destroy()
  server.close()
  expect(events).toEqual(['answer', 'time-out'])
})

test('a timer that is cancelled never fires', async () => {
  const { timer, sleep } = worldOf(process)
  let fired = false
  const cancel = timer(1, () => {
    fired = true
  })
  cancel()
  await sleep(20)
  expect(fired).toBe(false)
})
