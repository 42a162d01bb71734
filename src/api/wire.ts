import { Socket } from 'node:net'
import type { Dispatcher, Client as UndiciClient } from 'undici'
import openTunnel from 'undici/lib/api/api-connect.js'
import buildConnector from 'undici/lib/core/connect.js'
import Client from 'undici/lib/dispatcher/client.js'
import { isLoopback } from '../loopback.ts'
import { ApiError, ConnectError, connectErrorOf } from './errors.ts'

type Connect = buildConnector.connector

/**
 * One socket, which sends one request at a time. undici reconnects for as long as a request waits; here each request
 * may connect once, and the retry rules decide on another attempt.
 */
function openConnection(origin: string, connect: Connect): UndiciClient {
  let mayConnect = true
  let lost = new ConnectError('the connection was cut')
  const client = new Client(origin, {
    // An attempt has its own timeout; undici's timers only tick every half second.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(target, callback) {
      // Deferred: undici does not expect the callback while it is still calling.
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

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the environment names for this origin, or undefined: HTTPS_PROXY for https, HTTP_PROXY for http and
 * if HTTPS_PROXY is not set. No proxy for this machine and for hosts in NO_PROXY.
 * @throws ApiError `usage` when the variable does not hold the URL of a proxy
 */
function proxyFor(origin: string, env: Environment): URL | undefined {
  const { protocol, hostname, port } = new URL(origin)
  if (isLocal(hostname) || isExcepted(hostname, port || defaultPort(protocol), variable(env, 'no_proxy')))
    return undefined
  const names = protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy']
  const name = names.find((each) => variable(env, each) !== '')
  return name === undefined ? undefined : proxyUrl(name, variable(env, name))
}

/** The lower-case name first, as in curl. */
function variable(env: Environment, name: string): string {
  return (env[name] || env[name.toUpperCase()] || '').trim()
}

function proxyUrl(name: string, text: string): URL {
  const whole = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  const variable = name.toUpperCase()
  // The value is not shown: it may hold a password.
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ApiError('usage', `${variable} does not hold the URL of a proxy`, {
      obstacle: 'proxy-url',
      variable,
    })
  }
  if (decoded(`${url.username}:${url.password}`) === undefined) {
    throw new ApiError('usage', `${variable} holds a user name or password with a % that encodes nothing`, {
      obstacle: 'proxy-encoding',
      variable,
    })
  }
  return url
}

/** Undefined if the text is not valid. The result is used: the bundler drops a bare call of `decodeURIComponent`. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The sandbox and local servers are never reached through a proxy. */
function isLocal(hostname: string): boolean {
  return isLoopback(hostname) || hostname.endsWith('.localhost')
}

/** Whether NO_PROXY has the host or a domain above it, with or without a port; `*` is every host. */
function isExcepted(hostname: string, port: string, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      const [, name = '', only = port] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? []
      return entry === '*' || (name !== '' && only === port && `.${hostname}`.endsWith(`.${name}`))
    })
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}

/**
 * Connects through a tunnel that the proxy opens, for https and http alike.
 * @param connect to the proxy, and for TLS inside the tunnel
 */
function throughProxy(proxy: URL, connect: Connect): Connect {
  const name = `the proxy ${proxy.host}`
  // The certificate of an https proxy is its own, not that of the host behind it.
  const toProxy: Connect = (target, callback) => connect({ ...target, servername: '' }, callback)
  return (target, callback) => {
    const path = `${target.host}${target.port === '' ? `:${defaultPort(target.protocol)}` : ''}`
    const headers = { host: path, ...authorization(proxy) }
    const connection = openConnection(proxy.origin, toProxy)
    openTunnel.call(connection, { origin: proxy.origin, path, headers }, (error, tunnel) => {
      if (error !== null) {
        const { message, permanent, obstacle } = connectErrorOf(error)
        callback(new ConnectError(`${name} could not be used: ${message}`, permanent, obstacle), null)
      } else if (tunnel.statusCode !== 200 || !(tunnel.socket instanceof Socket)) {
        tunnel.socket.destroy()
        callback(proxyError(proxy, tunnel.statusCode), null)
      } else if (target.protocol === 'https:') {
        connect({ ...target, httpSocket: tunnel.socket }, callback)
      } else {
        callback(null, tunnel.socket)
      }
    })
  }
}

function proxyError({ host, username }: URL, status: number): ConnectError {
  const name = `the proxy ${host}`
  if (status === 407) {
    const problem =
      username === '' ? 'requires a user name and a password' : 'refused the user name and password'
    return new ConnectError(`${name} ${problem} (407)`, true, 'proxy-credentials')
  }
  return new ConnectError(`${name} refused the connection (${status})`, status >= 400 && status < 500)
}

function authorization({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '') return {}
  const credentials = decodeURIComponent(`${username}:${password}`)
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

/** The sockets to the API. */
export interface Wire {
  /** Sends a request over a free connection, as soon as there is one. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void
  /** Ends them at once, also those still connecting: none keeps the process alive. */
  destroy(): Promise<void>
}

/**
 * A pool of connections, opened on demand. The most recently used one is reused first, so that few are kept open.
 * @param most the maximum number of connections
 * @param pause resolves on the next turn of the event loop
 */
function createPool(open: () => UndiciClient, most: number, pause: () => Promise<void>): Wire {
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

interface WireOptions {
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
