import { Socket } from 'node:net'
import type { Dispatcher, Client as UndiciClient } from 'undici'
import buildConnector from 'undici/lib/core/connect.js'
import { type Connect, openConnection, proxyFor, throughProxy } from './connection.ts'
import { ConnectError } from './errors.ts'

export interface Pool {
  /** Sends a request over a connection that is free, or as soon as one is. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void
  destroy(): Promise<void>
}

/**
 * Connections, opened as they are needed. The one that was used last is used first, so that few are kept open.
 * @param most connections at once
 * @param pause resolves on the next turn of the event loop
 */
export function createPool(open: () => UndiciClient, most: number, pause: () => Promise<void>): Pool {
  const all: UndiciClient[] = []
  const free: UndiciClient[] = []
  const waiting: ((connection: UndiciClient) => void)[] = []
  /** Connections that will be free on the next turn. */
  let resting = 0
  let destroyed = false

  /** Not at once: undici is in the middle of ending a request, and the server may be about to close the connection. */
  async function release(connection: UndiciClient): Promise<void> {
    resting += 1
    await pause()
    resting -= 1
    const next = waiting.shift()
    if (next === undefined) free.push(connection)
    else next(connection)
  }

  function another(): UndiciClient | undefined {
    if (all.length >= most || resting > waiting.length) return undefined
    const connection = open()
    all.push(connection)
    // It refuses what it is given.
    if (destroyed) void connection.destroy()
    return connection
  }

  return {
    dispatch(options, handler) {
      const send = (connection: UndiciClient): void => {
        connection.dispatch(options, {
          ...handler,
          onResponseEnd(...end) {
            void release(connection)
            handler.onResponseEnd?.(...end)
          },
          onResponseError(...end) {
            void release(connection)
            handler.onResponseError?.(...end)
          },
        })
      }
      const connection = free.pop() ?? another()
      if (connection === undefined) waiting.push(send)
      else send(connection)
    },
    async destroy() {
      destroyed = true
      await Promise.all(all.map((connection) => connection.destroy()))
    },
  }
}

export interface WireOptions {
  /** Scheme, host and port of the API. */
  readonly origin: string
  /** Sockets at most. */
  readonly connections: number
  /** One attempt of one request (ms). */
  readonly timeoutMs: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Calls `expire` after `ms`, unless the function it gives is called first. */
  readonly timer: (ms: number, expire: () => void) => () => void
  /** Resolves on the next turn of the event loop. */
  readonly pause: () => Promise<void>
}

/** The longest that connecting may take (ms; docs/contract.md#global-options). */
const longestConnect = 10_000

/** How long one address of a host is tried before its next one (ms): Node's own 250 gives up on far-away servers. */
const addressAttempt = 1000

/** The sockets to the API. `destroy` drops them at once, those that are still connecting too: nothing keeps the process. */
export type Wire = Pool

/**
 * A pool of sockets, behind a proxy where the environment names one. Redirects
 * are not followed and nothing is retried here.
 * @throws ApiError `usage` when a proxy variable holds no URL
 */
export function openWire({ origin, connections, timeoutMs, env, timer, pause }: WireOptions): Wire {
  const proxy = proxyFor(origin, env)
  // Less than the whole attempt, so that "never reached" is known before the attempt is given up.
  const limit = Math.max(1, Math.floor(Math.min(longestConnect, timeoutMs * 0.9)))
  const connectDirectly = buildConnector({
    // The whole of connecting has a limit; undici's is one for each step, and ticks at half a second.
    timeout: 0,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.floor(Math.min(addressAttempt, limit / 4))),
  })
  const sockets = new Set<Socket>()

  /** Connects within the limit: when that is over, what was opened for it ends with an error, as if it had failed. */
  const connect: Connect = (target, callback) => {
    const opened: Socket[] = []
    const tracked: Connect = (to, then) => {
      const socket: unknown = connectDirectly(to, then)
      if (!(socket instanceof Socket)) return
      opened.push(socket)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    const stop = timer(limit, () => {
      for (const socket of opened) socket.destroy(new ConnectError('no connection in time'))
    })
    const reach = proxy === undefined ? tracked : throughProxy(proxy, tracked)
    reach(target, (...result) => {
      stop()
      callback(...result)
    })
  }

  const pool = createPool(() => openConnection(origin, connect), connections, pause)
  return {
    dispatch: pool.dispatch,
    async destroy() {
      const destroyed = pool.destroy()
      // undici forgets those that are still connecting; they would keep the process for seconds.
      for (const socket of sockets) socket.destroy(new ConnectError('the client is closed', true))
      await destroyed
    },
  }
}
