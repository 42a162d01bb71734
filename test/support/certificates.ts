// tsyringe, which the library below uses, wants this first.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** What a TLS server of Node is given. */
export interface Identity {
  /** PEM: the server's own certificate, then those between it and the root. */
  readonly cert: string
  /** PEM. */
  readonly key: string
}

export interface Wanted {
  /** DNS names; default `orafi.test` and `localhost`. */
  readonly hosts?: readonly string[]
  /** Days from now; default yesterday and tomorrow. */
  readonly valid?: readonly [from: number, to: number]
}

export interface Authority {
  /** Its own certificate as PEM, for NODE_EXTRA_CA_CERTS. */
  readonly cert: string
  /** A certificate for a server. */
  issue(wanted?: Wanted): Promise<Identity>
  /** An authority in between: what it issues has its certificate along. */
  between(): Promise<Authority>
}

type Keys = Awaited<ReturnType<typeof newKeys>>

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 86_400_000
let serial = 0

/** Made up for this run: no machine trusts it. */
export async function newAuthority(): Promise<Authority> {
  const keys = await newKeys()
  const name = `CN=Authority ${serial} of a test`
  const cert = await certificate({ subject: name, issuer: name, keys, signer: keys, isAuthority: true })
  return authority(name, keys, cert, '')
}

/** A certificate that no authority issued: the server's own. */
export async function selfSigned(wanted: Wanted = {}): Promise<Identity> {
  const keys = await newKeys()
  const name = 'CN=A server of a test'
  return {
    cert: await certificate({ subject: name, issuer: name, keys, signer: keys, ...wanted }),
    key: await pemOf(keys),
  }
}

function authority(name: string, signer: Keys, cert: string, along: string): Authority {
  return {
    cert,
    async issue(wanted = {}) {
      const keys = await newKeys()
      const own = await certificate({
        subject: 'CN=A server of a test',
        issuer: name,
        keys,
        signer,
        ...wanted,
      })
      return { cert: `${own}${along}`, key: await pemOf(keys) }
    },
    async between() {
      const keys = await newKeys()
      const subject = 'CN=Between a server and an authority'
      const own = await certificate({ subject, issuer: name, keys, signer, isAuthority: true })
      return authority(subject, keys, own, `${own}${along}`)
    },
  }
}

function newKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

interface Certificate extends Wanted {
  readonly subject: string
  readonly issuer: string
  readonly keys: Keys
  readonly signer: Keys
  readonly isAuthority?: boolean
}

async function certificate(wanted: Certificate): Promise<string> {
  const { subject, issuer, keys, signer, isAuthority = false } = wanted
  const { hosts = ['orafi.test', 'localhost'], valid: [from, to] = [-1, 1] } = wanted
  const now = Date.now()
  serial += 1
  const made = await X509CertificateGenerator.create({
    serialNumber: serial.toString(16).padStart(4, '0'),
    subject,
    issuer,
    notBefore: new Date(now + from * day),
    notAfter: new Date(now + to * day),
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      ...(isAuthority
        ? []
        : [new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns' as const, value })))]),
    ],
  })
  return `${made.toString('pem')}\n`
}

async function pemOf({ privateKey }: Keys): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
}
