import type { Owner } from '../storage/process.ts'
import { bitsOf, type Mode, type SandboxCustomer, type StoredCustomer } from './customer.ts'
import { inMemory, type Keeper } from './keeper.ts'
import { openLogKeeper } from './log-keeper.ts'
import { createMemory, type Memory } from './memory.ts'
import type { PageQuery, RecordPage } from './records.ts'
import { defaultShop, type Shop } from './shop.ts'
import { type TransactionPage, type TransactionQuery, transactionPage } from './transaction-pages.ts'

/** What a new customer is made of; the input was checked before. */
export interface NewCustomer {
  readonly firstname: string
  readonly lastname: string
  readonly email: string
  /** One or both. */
  readonly mode: readonly Mode[]
  /** USDT, default 0. */
  readonly totalSpent?: number | undefined
}

export interface SandboxStore {
  /** The shop it began with; another process's reset may change it. */
  readonly shop: Shop
  /** Records that are there, in both modes. */
  readonly count: number
  /** Lines and files of the log that could not be read and were left out. */
  readonly unreadable: number
  /** Undefined when there is no such record, or the mode's key does not see it. */
  get(id: string, key: Mode): SandboxCustomer | undefined
  /** Oldest first. Undefined when the cursor is no id that the mode's key ever saw. */
  page(query: PageQuery): RecordPage | undefined
  /** By customer, the oldest first, and by time. Undefined when the cursor is no transaction of the key's mode. */
  transactions(query: TransactionQuery): TransactionPage | undefined
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

export interface StoreOptions {
  /** `<state>/sandbox`. Absent: everything ends with the process. */
  readonly folder?: string | undefined
  /** How many customers a new sandbox begins with, default 250. One that is there keeps its own. */
  readonly customers?: number | undefined
  /** Decides who they are. */
  readonly seed?: number | undefined
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/**
 * Opens the sandbox's records, and compacts their log where it is worth it.
 *
 * @throws CliError `local_error` when the disk refuses, here and in every call
 */
export async function openSandboxStore(options: StoreOptions): Promise<SandboxStore> {
  const shop: Shop = {
    customers: options.customers ?? defaultShop.customers,
    seed: options.seed ?? defaultShop.seed,
  }
  return storeOver(await openKeeper(options, shop), options.now)
}

async function openKeeper(options: StoreOptions, shop: Shop): Promise<Keeper> {
  const { folder, owner, now, sleep } = options
  if (folder === undefined) return inMemory(createMemory(shop))
  const keeper = openLogKeeper({ folder, owner, now, sleep }, shop)
  const asked = options.customers !== undefined || options.seed !== undefined
  // Other processes would open the default shop beside it as long as nothing says otherwise.
  if (asked && !keeper.found()) await keeper.change(() => ({ result: undefined }))
  else await keeper.compact()
  return keeper
}

function storeOver(keeper: Keeper, now: () => number): SandboxStore {
  function create(customer: NewCustomer, unlessTaken: boolean): Promise<SandboxCustomer | undefined> {
    return keeper.change<SandboxCustomer | undefined>((memory) => {
      if (unlessTaken && memory.taken(customer.email, bitsOf(customer.mode))) return { result: undefined }
      const time = Math.trunc(now())
      const stored = {
        firstname: customer.firstname,
        lastname: customer.lastname,
        email: customer.email,
        modes: bitsOf(customer.mode),
        totalSpent: customer.totalSpent ?? 0,
        createdAt: time,
        updatedAt: time,
      }
      return put(memory, memory.records.next, stored)
    })
  }

  return {
    get shop() {
      return keeper.memory().shop
    },
    get count() {
      return keeper.memory().records.count
    },
    get unreadable() {
      return keeper.unreadable
    },
    get(id, key) {
      const { records } = keeper.memory()
      const place = records.find(id, key)
      const customer = place === undefined ? undefined : records.at(place)
      return place === undefined || !customer ? undefined : records.present(place, customer)
    },
    page: (query) => keeper.memory().records.page(query),
    transactions: (query) => transactionPage(keeper.memory(), query),
    async create(customer) {
      const created = await create(customer, false)
      if (!created) throw new Error('a create that nothing forbids came back empty')
      return created
    },
    createUnlessTaken: (customer) => create(customer, true),
    remove(id, key) {
      return keeper.change<boolean>(({ records }) => {
        const place = records.find(id, key)
        return place === undefined ? { result: false } : { entry: { op: 'delete', place }, result: true }
      })
    },
    pay(id, amount) {
      return keeper.change<SandboxCustomer | undefined>((memory) => {
        const place = memory.records.find(id, 'test') ?? memory.records.find(id, 'live')
        const customer = place === undefined ? undefined : memory.records.at(place)
        if (place === undefined || !customer) return { result: undefined }
        const totalSpent = Math.round((customer.totalSpent + amount) * 100) / 100
        return put(memory, place, { ...customer, totalSpent, updatedAt: Math.trunc(now()) })
      })
    },
    close: () => keeper.close(),
  }
}

function put(memory: Memory, place: number, customer: StoredCustomer) {
  return { entry: { op: 'put' as const, place, customer }, result: memory.records.present(place, customer) }
}
