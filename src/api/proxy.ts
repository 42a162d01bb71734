import { Socket } from 'node:net'
import openTunnel from 'undici/lib/api/api-connect.js'
import { ConnectError, connectErrorOf } from './causes.ts'
import { type Connect, openConnection } from './connection.ts'
import { ApiError } from './errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the environment names for this origin, or undefined where there is none: HTTPS_PROXY for https,
 * HTTP_PROXY for the rest and where HTTPS_PROXY is not set, none for this machine and for what NO_PROXY names.
 * @throws ApiError `api_error` when the variable does not hold the URL of a proxy
 */
export function proxyFor(origin: string, env: Environment): URL | undefined {
  const { protocol, hostname, port } = new URL(origin)
  if (isLoopback(hostname) || isExcepted(hostname, port || defaultPort(protocol), variable(env, 'no_proxy')))
    return undefined
  const names = protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy']
  const name = names.find((each) => variable(env, each) !== '')
  return name === undefined ? undefined : proxyUrl(name, variable(env, name))
}

/** In small letters first, as curl reads them. */
function variable(env: Environment, name: string): string {
  return (env[name] || env[name.toUpperCase()] || '').trim()
}

function proxyUrl(name: string, text: string): URL {
  const url = text.includes('://') ? text : `http://${text}`
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url)
  // The value is not shown: it may hold a password.
  throw new ApiError('api_error', `${name.toUpperCase()} does not hold the URL of a proxy`, {
    hint: `set it like ${name.toUpperCase()}=http://proxy.example:3128, or unset it`,
  })
}

/** This machine is never behind the proxy: the sandbox and local servers must be reached directly. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

/** Whether NO_PROXY names the host: itself or a domain that it is in, with or without a port; `*` is every host. */
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
        const { message, permanent } = connectErrorOf(error)
        callback(new ConnectError(`${name} could not be used: ${message}`, permanent), null)
      } else if (tunnel.statusCode !== 200 || !(tunnel.socket instanceof Socket)) {
        tunnel.socket.destroy()
        callback(refusal(name, tunnel.statusCode), null)
      } else if (target.protocol === 'https:') {
        connect({ ...target, httpSocket: tunnel.socket }, callback)
      } else {
        callback(null, tunnel.socket)
      }
    })
  }
}

function refusal(name: string, status: number): ConnectError {
  if (status === 407) return new ConnectError(`${name} asks for a user name and a password (407)`, true)
  return new ConnectError(`${name} refused the connection (${status})`, status >= 400 && status < 500)
}

function authorization({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '') return {}
  const credentials = `${decoded(username)}:${decoded(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

/** A password may hold a `%` that encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
