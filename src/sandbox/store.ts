import { pathIn, type SandboxFolder, type StoredOverlay, storeOverlay } from './disk.ts'
import {
  change,
  countCustomers,
  createOverlay,
  customersPage,
  findCustomer,
  isTaken,
  type Overlay,
  type Page,
  type PageQuery,
} from './overlay.ts'
import {
  defaultShop,
  type Mode,
  presented,
  type SandboxCustomer,
  type Shop,
  type StoredCustomer,
} from './shop.ts'
import { type ShownTransaction, type TransactionQuery, transactionsPage } from './transactions.ts'

/** The fields of a new customer, already validated. */
export type NewCustomer = Pick<StoredCustomer, 'firstname' | 'lastname' | 'email' | 'mode'> &
  Partial<Pick<StoredCustomer, 'totalSpent'>>

export interface SandboxStore {
  /** The initial customers; a reset by another process may change them. */
  readonly shop: Shop
  /** The number of existing records, in both modes. */
  readonly count: number
  /** Undefined if the record does not exist or is not visible to the key's mode. */
  get(id: string, key: Mode): SandboxCustomer | undefined
  /** Oldest first. Undefined if the cursor is not the id of a customer that was ever visible to the key's mode. */
  page(query: PageQuery): Page<SandboxCustomer> | undefined
  /** By customer, oldest first, then by time. Undefined if the cursor is not a transaction of the key's mode. */
  transactions(query: TransactionQuery): Page<ShownTransaction> | undefined
  create(customer: NewCustomer): Promise<SandboxCustomer>
  /** Like `create`, but undefined if the e-mail exists in one of the modes, ignoring case. */
  createUnlessTaken(customer: NewCustomer): Promise<SandboxCustomer | undefined>
  /** Deletes the record from both modes. False if no record with this id is visible to the key's mode. */
  remove(id: string, key: Mode): Promise<boolean>
  /** A completed payment of `amount` (above 0, in USDT): adds it to `totalSpent`, to the cent, and sets `updatedAt`. */
  pay(id: string, amount: number): Promise<SandboxCustomer | undefined>
  /** Waits for pending writes. */
  close(): Promise<void>
}

export interface StoreOptions extends Omit<SandboxFolder, 'folder'> {
  /** `<state>/sandbox`. If it is not given, everything is in memory and lost when the process ends. */
  readonly folder?: string | undefined
  /** How many customers a new sandbox starts with, default 250; ignored if the sandbox exists. */
  readonly customers?: number | undefined
  /** Determines who they are; ignored if the sandbox exists. */
  readonly seed?: number | undefined
}

/**
 * Opens the sandbox's records.
 *
 * @throws CliError `local_error` from this and every later call if the disk fails
 */
export async function openSandboxStore(options: StoreOptions): Promise<SandboxStore> {
  const { folder, customers, seed, now } = options
  const shop = { customers: customers ?? defaultShop.customers, seed: seed ?? defaultShop.seed }
  if (folder === undefined) return createStore(inMemory(createOverlay(shop)), now)
  const stored = storeOverlay({ ...options, folder }, shop)
  // Until a file names the shop, other processes would open the default one.
  const isOther = customers !== undefined || seed !== undefined
  if (isOther && pathIn(folder) === undefined) await stored.update(markDirty)
  // Throws now if the file cannot be read.
  else stored.latest()
  return createStore(stored, now)
}

function markDirty(overlay: Overlay): void {
  overlay.dirty = true
}

function inMemory(overlay: Overlay): StoredOverlay {
  return { latest: () => overlay, update: async (decide) => decide(overlay), close: async () => undefined }
}

function createStore({ latest, update, close }: StoredOverlay, now: () => number): SandboxStore {
  function put(overlay: Overlay, place: number, customer: StoredCustomer): SandboxCustomer {
    change(overlay, place, customer)
    return presented(overlay.shop, place, customer)
  }

  function create(overlay: Overlay, customer: NewCustomer): SandboxCustomer {
    const { firstname, lastname, email, mode, totalSpent = 0 } = customer
    const time = Math.trunc(now())
    const stored = { firstname, lastname, email, mode, totalSpent, createdAt: time, updatedAt: time }
    return put(overlay, overlay.next, stored)
  }

  return {
    get shop() {
      return latest().shop
    },
    get count() {
      return countCustomers(latest())
    },
    get: (id, key) => findCustomer(latest(), id, key)?.shown,
    page: (query) => customersPage(latest(), query),
    transactions: (query) => transactionsPage(latest(), query),
    create: (customer) => update((overlay) => create(overlay, customer)),
    createUnlessTaken: (customer) =>
      update((overlay) => (isTaken(overlay, customer) ? undefined : create(overlay, customer))),
    remove(id, key) {
      return update((overlay) => {
        const found = findCustomer(overlay, id, key)
        if (found) change(overlay, found.place, null)
        return found !== undefined
      })
    },
    pay(id, amount) {
      return update((overlay) => {
        const found = findCustomer(overlay, id, 'test') ?? findCustomer(overlay, id, 'live')
        if (!found) return undefined
        const totalSpent = Math.round((found.customer.totalSpent + amount) * 100) / 100
        return put(overlay, found.place, { ...found.customer, totalSpent, updatedAt: Math.trunc(now()) })
      })
    },
    close,
  }
}
