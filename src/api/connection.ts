import { Socket } from 'node:net'
import type { Client as UndiciClient } from 'undici'
import openTunnel from 'undici/lib/api/api-connect.js'
import type buildConnector from 'undici/lib/core/connect.js'
import Client from 'undici/lib/dispatcher/client.js'
import { isLoopback } from '../loopback.ts'
import { ApiError, ConnectError, connectErrorOf } from './errors.ts'

export type Connect = buildConnector.connector

/**
 * One socket, which sends one request at a time. undici reconnects for as long as a request waits; here each request
 * may connect once, and the retry rules decide on another attempt.
 */
export function openConnection(origin: string, connect: Connect): UndiciClient {
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
export function proxyFor(origin: string, env: Environment): URL | undefined {
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
export function throughProxy(proxy: URL, connect: Connect): Connect {
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
