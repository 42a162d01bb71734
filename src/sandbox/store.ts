import { type KeptOverlay, keepOverlay, pathIn, type SandboxFolder } from './disk.ts'
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

/** What a new customer is made of; the input was checked before. */
export type NewCustomer = Pick<StoredCustomer, 'firstname' | 'lastname' | 'email' | 'mode'> &
  Partial<Pick<StoredCustomer, 'totalSpent'>>

export interface SandboxStore {
  /** The shop it began with; another process's reset may change it. */
  readonly shop: Shop
  /** Records that are there, in both modes. */
  readonly count: number
  /** Undefined when there is no such record, or the mode's key does not see it. */
  get(id: string, key: Mode): SandboxCustomer | undefined
  /** Oldest first. Undefined when the cursor is no id that the mode's key ever saw. */
  page(query: PageQuery): Page<SandboxCustomer> | undefined
  /** By customer, the oldest first, and by time. Undefined when the cursor is no transaction of the key's mode. */
  transactions(query: TransactionQuery): Page<ShownTransaction> | undefined
  create(customer: NewCustomer): Promise<SandboxCustomer>
  /** As `create`, but undefined when the address is taken in one of the modes, capitals aside. */
  createUnlessTaken(customer: NewCustomer): Promise<SandboxCustomer | undefined>
  /** Deletes the record for both modes. False when the mode's key does not see one of this id. */
  remove(id: string, key: Mode): Promise<boolean>
  /** What a completed payment does to a record: `totalSpent` grows (above 0; exact to the cent), `updatedAt` is now. */
  pay(id: string, amount: number): Promise<SandboxCustomer | undefined>
  /** Waits for what is being written. */
  close(): Promise<void>
}

export interface StoreOptions extends Omit<SandboxFolder, 'folder'> {
  /** `<state>/sandbox`. Absent: everything ends with the process. */
  readonly folder?: string | undefined
  /** How many customers a new sandbox begins with, default 250. One that is there keeps its own. */
  readonly customers?: number | undefined
  /** Decides who they are. */
  readonly seed?: number | undefined
}

/**
 * Opens the sandbox's records.
 *
 * @throws CliError `local_error` when the disk refuses, here and in every call
 */
export async function openSandboxStore(options: StoreOptions): Promise<SandboxStore> {
  const { folder, customers, seed, now } = options
  const shop = { customers: customers ?? defaultShop.customers, seed: seed ?? defaultShop.seed }
  if (folder === undefined) return storeOver(inMemory(createOverlay(shop)), now)
  const kept = keepOverlay({ ...options, folder }, shop)
  // Other processes would open the default shop beside it as long as nothing says otherwise.
  const isOther = customers !== undefined || seed !== undefined
  if (isOther && pathIn(folder) === undefined) await kept.update(touch)
  // A file that cannot be read is refused now.
  else kept.latest()
  return storeOver(kept, now)
}

function touch(overlay: Overlay): void {
  overlay.dirty = true
}

function inMemory(overlay: Overlay): KeptOverlay {
  return { latest: () => overlay, update: async (decide) => decide(overlay), close: async () => undefined }
}

function storeOver({ latest, update, close }: KeptOverlay, now: () => number): SandboxStore {
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
