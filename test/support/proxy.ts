import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import type { Identity } from './certificates.ts'
import { listening } from './listening.ts'

interface Kind {
  /** The status that it refuses with, whatever is asked. */
  readonly refusing?: number | undefined
  /** Makes it a proxy that is itself reached over TLS. */
  readonly identity?: Identity | undefined
}

/** A proxy that opens a tunnel to the port `target` of this machine, whatever host is asked for; or refuses. */
export async function startProxy(target: number, { refusing, identity }: Kind = {}) {
  const asked: string[] = []
  const authorizations: (string | undefined)[] = []
  /** Every Host header, also where a request has two. */
  const hosts: string[] = []
  const server = identity === undefined ? createServer() : createTlsServer(identity)
  server.on('request', (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(500).end()
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    authorizations.push(request.headers['proxy-authorization'])
    hosts.push(...(request.headersDistinct.host ?? []))
    socket.on('error', () => undefined)
    if (refusing !== undefined) {
      socket.end(`HTTP/1.1 ${refusing} Refused\r\n\r\n`)
      return
    }
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  const port = await listening(server)
  const scheme = identity === undefined ? 'http' : 'https'
  return { url: `${scheme}://127.0.0.1:${port}`, port, asked, authorizations, hosts }
}
