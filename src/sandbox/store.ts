import { hasSandbox, type SandboxFolder, type StoredRecords, storeRecords } from './disk.ts'
import {
  change,
  countCustomers,
  create,
  createRecords,
  customersPage,
  find,
  isTaken,
  type NewCustomer,
  type PageQuery,
} from './records.ts'
import { type Customer, defaultShop, type Mode, type Shop } from './shop.ts'
import { type TransactionQuery, transactionsPage } from './transactions.ts'

/** The records of a sandbox. */
export type SandboxStore = Awaited<ReturnType<typeof openSandboxStore>>

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
 * @throws CliError `local_error` from this and every later call if the disk fails
 */
export async function openSandboxStore(options: StoreOptions) {
  const { folder, customers, seed, now } = options
  const shop = { customers: customers ?? defaultShop.customers, seed: seed ?? defaultShop.seed }
  const stored = folder === undefined ? inMemory(shop) : storeRecords({ ...options, folder }, shop)
  const { latest, update, close } = stored
  // Throws now if the file cannot be read.
  latest()
  // Until a file names the shop, other processes would open the default one.
  const isOther = customers !== undefined || seed !== undefined
  if (folder !== undefined && isOther && !hasSandbox(folder)) await update(() => undefined)
  return {
    /** The initial customers; a reset by another process may change them. */
    get shop(): Shop {
      return latest().shop
    },
    /** The number of existing records, in both modes. */
    get count(): number {
      return countCustomers(latest())
    },
    /** Undefined if the record does not exist or is not visible to the key's mode. */
    get: (id: string, key: Mode): Customer | undefined => find(latest(), id, key)?.customer,
    page: (query: PageQuery) => customersPage(latest(), query),
    transactions: (query: TransactionQuery) => transactionsPage(latest(), query),
    create: (customer: NewCustomer) => update((records) => create(records, customer, now())),
    /** Like `create`, but undefined if the e-mail exists in one of the modes, ignoring case. */
    createUnlessTaken: (customer: NewCustomer) =>
      update((records) => (isTaken(records, customer) ? undefined : create(records, customer, now()))),
    /**
     * Replaces the record, or deletes it from both modes if `edit` returns null. False if no record with this id is visible
     * to the key's mode.
     */
    replace(id: string, key: Mode, edit: (customer: Customer) => Customer | null): Promise<boolean> {
      return update((records) => {
        const found = find(records, id, key)
        if (found) change(records, found.place, edit(found.customer))
        return found !== undefined
      })
    },
    /** Waits for pending writes. */
    close,
  }
}

function inMemory(shop: Shop): StoredRecords {
  const records = createRecords(shop)
  return { latest: () => records, update: async (decide) => decide(records), close: async () => undefined }
}
