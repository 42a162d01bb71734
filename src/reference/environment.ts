/** An environment variable that is read, or several of one meaning, and what it does. */
export interface Variable {
  readonly names: readonly string[]
  readonly meaning: string
}

/** All that are read (docs/contract.md#environment). */
export const environment: readonly Variable[] = [
  { names: ['ORAFI_API_KEY'], meaning: 'the key to use; it goes before stored ones' },
  {
    names: ['ORAFI_PROFILE'],
    meaning: 'the profile to use; with ORAFI_API_KEY, the name under which changes are journaled',
  },
  {
    names: ['ORAFI_BASE_URL'],
    meaning: 'where the API is: https, or http on this machine (default: https://api.orafi.app)',
  },
  { names: ['ORAFI_CONFIG_DIR'], meaning: 'the folder where keys and profiles are kept' },
  { names: ['ORAFI_STATE_DIR'], meaning: 'the folder where the journal and the sandbox are kept' },
  {
    names: ['ORAFI_READ_ONLY'],
    meaning: '1 or true: no change is sent, whatever the command; empty, 0 or false: as ever',
  },
  { names: ['ORAFI_SANDBOX'], meaning: '1 or true: as if every command said --sandbox' },
  { names: ['ORAFI_DEBUG'], meaning: '1 or true: as if every command said --debug' },
  {
    names: ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
    meaning:
      'as everywhere; this machine itself is never behind the proxy. A % in a password is written %25 there',
  },
  {
    names: ['NODE_EXTRA_CA_CERTS'],
    meaning: 'a PEM file of authorities whose certificates are trusted, besides the public ones',
  },
  {
    names: ['NO_COLOR', 'FORCE_COLOR'],
    meaning: 'no colour; colour in pipes too. TERM=dumb: no colour, and nothing moves',
  },
  { names: ['CI'], meaning: 'when set and not 0 or false: nothing asks, nothing moves' },
]
