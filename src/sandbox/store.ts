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
  type Page,
  type PageQuery,
} from './records.ts'
import { type Customer, defaultShop, type Mode, type Shop } from './shop.ts'
import { type ShownTransaction, type TransactionQuery, transactionsPage } from './transactions.ts'

export interface SandboxStore {
  /** The initial customers; a reset by another process may change them. */
  readonly shop: Shop
  /** The number of existing records, in both modes. */
  readonly count: number
  /** Undefined if the record does not exist or is not visible to the key's mode. */
  get(id: string, key: Mode): Customer | undefined
  /** Oldest first. Undefined if the cursor is not the id of a customer that was ever visible to the key's mode. */
  page(query: PageQuery): Page<Customer> | undefined
  /** By customer, oldest first, then by time. Undefined if the cursor is not a transaction of the key's mode. */
  transactions(query: TransactionQuery): Page<ShownTransaction> | undefined
  create(customer: NewCustomer): Promise<Customer>
  /** Like `create`, but undefined if the e-mail exists in one of the modes, ignoring case. */
  createUnlessTaken(customer: NewCustomer): Promise<Customer | undefined>
  /**
   * Replaces the record, or deletes it from both modes if `edit` returns null. False if no record with this id is visible
   * to the key's mode.
   */
  replace(id: string, key: Mode, edit: (customer: Customer) => Customer | null): Promise<boolean>
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
 * @throws CliError `local_error` from this and every later call if the disk fails
 */
export async function openSandboxStore(options: StoreOptions): Promise<SandboxStore> {
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
    get shop() {
      return latest().shop
    },
    get count() {
      return countCustomers(latest())
    },
    get: (id, key) => find(latest(), id, key)?.customer,
    page: (query) => customersPage(latest(), query),
    transactions: (query) => transactionsPage(latest(), query),
    create: (customer) => update((records) => create(records, customer, now())),
    createUnlessTaken: (customer) =>
      update((records) => (isTaken(records, customer) ? undefined : create(records, customer, now()))),
    replace(id, key, edit) {
      return update((records) => {
        const found = find(records, id, key)
        if (found) change(records, found.place, edit(found.customer))
        return found !== undefined
      })
    },
    close,
  }
}

function inMemory(shop: Shop): StoredRecords {
  const records = createRecords(shop)
  return { latest: () => records, update: async (decide) => decide(records), close: async () => undefined }
}
