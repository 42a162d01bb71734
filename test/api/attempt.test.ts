import { expect, test } from 'vitest'
import { attempt } from '../../src/api/attempt.ts'

/** One attempt over a wire that ends it with this error before anything is sent. */
function endedWith(error: Error) {
  return attempt({
    wire: {
      dispatch(_request, handler) {
        const controller = { aborted: false, paused: false, reason: null } as never
        handler.onResponseError?.(controller, error)
      },
    },
    request: { method: 'GET', path: '/' },
    timeoutMs: 1000,
    timer: () => () => undefined,
    running: new Set(),
  })
}

test.each([
  ['UND_ERR_INVALID_ARG', Error],
  ['UND_ERR_NOT_SUPPORTED', Error],
  [undefined, TypeError],
])('an error of ours (%s) is thrown as it is, and never taken for one of the network', async (code, Kind) => {
  const error = Object.assign(new Kind('invalid header'), code === undefined ? {} : { code })
  await expect(endedWith(error)).rejects.toBe(error)
})

test.each([
  ['ECONNREFUSED', Error],
  ['UND_ERR_SOCKET', Error],
  ['ERR_INVALID_URL', TypeError],
  [undefined, Error],
])('an error of the network (%s) tells that nothing was reached', async (code, Kind) => {
  const error = Object.assign(new Kind('no way'), code === undefined ? {} : { code })
  expect(await endedWith(error)).toMatchObject({ kind: 'unreached' })
})
