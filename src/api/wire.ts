import { Socket } from 'node:net'
import type { Dispatcher, Client as UndiciClient } from 'undici'
import buildConnector from 'undici/lib/core/connect.js'
import { type Connect, openConnection, proxyFor, throughProxy } from './connection.ts'
import { ConnectError } from './errors.ts'

export interface Pool {
  /** Sends a request over a free connection, as soon as there is one. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void
  destroy(): Promise<void>
}

/**
 * A pool of connections, opened on demand. The most recently used one is reused first, so that few are kept open.
 * @param most the maximum number of connections
 * @param pause resolves on the next turn of the event loop
 */
export function createPool(open: () => UndiciClient, most: number, pause: () => Promise<void>): Pool {
  const all: UndiciClient[] = []
  const free: UndiciClient[] = []
  const waiting: ((connection: UndiciClient) => void)[] = []
  /** Connections that are released on the next turn. */
  let resting = 0
  let destroyed = false

  /** Deferred: undici is still ending the request, and the server may be about to close the connection. */
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
    // A destroyed connection fails every request.
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
  /** The maximum number of sockets. */
  readonly connections: number
  /** The timeout of one attempt (ms). */
  readonly timeoutMs: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Calls `expire` after `ms`; the returned function cancels it. */
  readonly timer: (ms: number, expire: () => void) => () => void
  /** Resolves on the next turn of the event loop. */
  readonly pause: () => Promise<void>
}

/** The timeout of connecting (ms; docs/contract.md#global-options). */
const longestConnect = 10_000

/** How long one address of a host is tried before the next (ms): Node's 250 is too short for distant servers. */
const addressAttempt = 1000

/** The sockets to the API. `destroy` ends them at once, also those still connecting: none keeps the process alive. */
export type Wire = Pool

/**
 * A pool of sockets, through a proxy if the environment names one. Redirects
 * are not followed and nothing is retried here.
 * @throws ApiError `usage` when a proxy variable holds no URL
 */
export function openWire({ origin, connections, timeoutMs, env, timer, pause }: WireOptions): Wire {
  const proxy = proxyFor(origin, env)
  // Shorter than the attempt, so that a failure to connect is known before the attempt times out.
  const limit = Math.max(1, Math.floor(Math.min(longestConnect, timeoutMs * 0.9)))
  const connectDirectly = buildConnector({
    // Connecting as a whole has the limit below; undici's applies to each step and only ticks every half second.
    timeout: 0,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.floor(Math.min(addressAttempt, limit / 4))),
  })
  const sockets = new Set<Socket>()

  /** Connects within the limit; after that, its sockets are destroyed with an error. */
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
      // undici does not destroy sockets that are still connecting; they would keep the process alive for seconds.
      for (const socket of sockets) socket.destroy(new ConnectError('the client is closed', true))
      await destroyed
    },
  }
}
