import type { Dispatcher, Client as UndiciClient } from 'undici'
import type buildConnector from 'undici/lib/core/connect.js'
import Client from 'undici/lib/dispatcher/client.js'
import { ConnectError, connectErrorOf } from './causes.ts'

export type Connect = buildConnector.connector

/**
 * One socket and the requests that go over it, one after the other. undici connects anew for as long as a request
 * waits; here a request may cost one connection, and whether there is another is for the retry rules to say.
 */
export function openConnection(origin: string, connect: Connect): UndiciClient {
  let mayConnect = true
  let lost = new ConnectError('the connection was cut')
  const client = new Client(origin, {
    // An attempt has a limit of its own; undici's timers tick at half a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(target, callback) {
      // Not at once: undici is in the middle of asking for it.
      if (!mayConnect) return queueMicrotask(() => callback(lost, null))
      mayConnect = false
      connect(target, (error, socket) => {
        if (error === null) callback(null, socket)
        else callback(connectErrorOf(error), null)
      })
    },
  })
  client.on('disconnect', (_origin, _targets, error) => {
    lost = connectErrorOf(error)
  })
  const dispatch = client.dispatch.bind(client)
  return Object.assign(client, {
    dispatch(...request: Parameters<typeof dispatch>) {
      mayConnect = true
      return dispatch(...request)
    },
  })
}

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
