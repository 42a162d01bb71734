import { Socket } from 'node:net'
import type { buildConnector as BuildConnector, Dispatcher } from 'undici'
import openTunnel from 'undici/lib/api/api-connect.js'
import buildConnector from 'undici/lib/core/connect.js'
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js'
import Pool from 'undici/lib/dispatcher/pool.js'
import { ApiError } from './errors.ts'

export interface WireOptions {
  /** Scheme, host and port of the API. */
  readonly origin: string
  /** Sockets at most. */
  readonly connections: number
  /** One attempt of one request (ms). */
  readonly timeoutMs: number
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The longest that connecting may take (ms; contract, "Global options"). */
const longestConnect = 10_000

/** How long one address of a host is tried before its next one (ms): Node's own 250 gives up on far-away servers. */
const addressAttempt = 1000

/** The sockets to the API. */
export interface Wire {
  dispatch: Dispatcher['dispatch']
  /** Drops every socket at once, those that are still connecting too: nothing keeps the process. */
  destroy(): Promise<void>
}

/**
 * A pool of sockets, behind a proxy where the environment names one. Redirects
 * are not followed and nothing is retried here.
 * @throws ApiError `api_error` when a proxy variable holds no URL
 */
export function openWire({ origin, connections, timeoutMs, env }: WireOptions): Wire {
  // Less than the whole attempt, so that "never reached" is known before the attempt is given up.
  const timeout = Math.max(1, Math.floor(Math.min(longestConnect, timeoutMs * 0.9)))
  const autoSelectFamilyAttemptTimeout = Math.max(10, Math.floor(Math.min(addressAttempt, timeout / 4)))
  const connecting = { timeout, autoSelectFamily: true, autoSelectFamilyAttemptTimeout }
  const sockets = new Set<Socket>()
  const connect = tracked(buildConnector(connecting), sockets)
  // The attempt has a limit of its own; undici's timers tick at half a second.
  const common = { connections, connect, headersTimeout: 0, bodyTimeout: 0 }
  const proxies = { httpProxy: proxyUrl(env, 'http_proxy'), httpsProxy: proxyUrl(env, 'https_proxy') }
  const direct = (proxies.httpProxy === '' && proxies.httpsProxy === '') || isLoopback(origin)
  const dispatcher = direct
    ? new Pool(origin, common)
    : new EnvHttpProxyAgent({
        ...common,
        ...proxies,
        // Handed in, all three, or undici would read the process's own environment.
        noProxy: variable(env, 'no_proxy'),
        // The whole of undici adds `connect` to every dispatcher; only the one to the proxy needs it.
        clientFactory: (proxy) =>
          Object.assign(new Pool(proxy, { ...common, connections: null }), { connect: openTunnel }),
        requestTls: connecting,
      })
  return {
    dispatch: dispatcher.dispatch.bind(dispatcher),
    async destroy() {
      const destroyed = dispatcher.destroy()
      for (const socket of sockets) socket.destroy()
      await destroyed
    },
  }
}

/** undici forgets a socket that is still connecting when it is destroyed; it would keep the process for seconds. */
function tracked(connect: BuildConnector.connector, sockets: Set<Socket>): BuildConnector.connector {
  return (options, callback) => {
    const socket: unknown = connect(options, callback)
    if (socket instanceof Socket) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
  }
}

/** In small letters first, as curl reads them. */
function variable(env: WireOptions['env'], name: string): string {
  return (env[name] || env[name.toUpperCase()] || '').trim()
}

/** Empty where none is set. */
function proxyUrl(env: WireOptions['env'], name: string): string {
  const text = variable(env, name)
  if (text === '') return ''
  const url = text.includes('://') ? text : `http://${text}`
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  // The value is not shown: it may hold a password.
  throw new ApiError('api_error', `${name.toUpperCase()} does not hold the URL of a proxy`, {
    hint: `set it like ${name.toUpperCase()}=http://proxy.example:3128, or unset it`,
  })
}

/** This machine is never behind the proxy: the sandbox and local servers must be reached directly. */
function isLoopback(origin: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname)
}
