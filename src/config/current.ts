import { CliError } from '../errors.ts'
import { type Credentials, chooseKey, type KeyRequest } from './credentials.ts'
import { readStore } from './store.ts'
import type { StoreData } from './store-data.ts'

/** What is needed to find out which key is in use. */
export interface CurrentRequest extends Omit<KeyRequest, 'store'> {
  /** The config folder. */
  readonly folder: string
}

/** What stands in the config file, and the key in use. */
export interface Current {
  readonly data: StoreData | undefined
  readonly credentials: Credentials | undefined
  /** Why there is no key. */
  readonly refusal: CliError | undefined
  /** Why the config file cannot be used; a key from the environment may be there all the same. */
  readonly damage: CliError | undefined
}

/** The key in use; what speaks against it is handed back, not thrown. Throws `usage` as `chooseKey` does. */
export async function currentKey({ folder, ...request }: CurrentRequest): Promise<Current> {
  const stored = readStore(folder)
  const [data, damage] = await orRefusal(stored)
  const [credentials, refusal] = await orRefusal(chooseKey({ ...request, store: () => stored }))
  return { data, credentials, refusal, damage }
}

async function orRefusal<T>(work: Promise<T>): Promise<[T | undefined, CliError | undefined]> {
  try {
    return [await work, undefined]
  } catch (error) {
    if (error instanceof CliError && error.code !== 'usage') return [undefined, error]
    throw error
  }
}
