import { CliError } from '../errors.ts'
import { type Header, isOldHeader, readEntry, readHeader } from './log.ts'
import { type LogFile, logPaths, openLogFile } from './log-file.ts'
import { createMemory, type Memory } from './memory.ts'
import type { Shop } from './shop.ts'

/** What the newest log of a folder says, kept in step with it. */
export interface LogView {
  /**
   * Reads what is new; everything again where the log was compacted or erased. Takes no lock.
   *
   * @throws CliError `local_error` where the log is of version 1
   */
  catchUp(): void
  readonly memory: Memory
  /** The log in use; undefined until there is one. */
  readonly log: LogFile | undefined
  /** Lines that were read, the first one not counted. */
  readonly entries: number
  /** Lines, and whole files, that could not be read and were left out. */
  readonly unreadable: number
  /** What is in memory may not be what is in the log: the next catching up reads it from the start. */
  forget(): void
}

/** @param initial the shop where there is no log yet */
export function openLogView(folder: string, initial: Shop): LogView {
  let memory = createMemory(initial)
  let log: LogFile | undefined
  let entries = 0
  let unreadable = 0

  function forget(): void {
    log?.close()
    log = undefined
  }

  function reopen(): void {
    memory = createMemory(initial)
    entries = 0
    unreadable = 0
    const tried = new Set<string>()
    for (let paths = logPaths(folder); ; ) {
      const path = paths.find((one) => !tried.has(one))
      if (path === undefined) return
      tried.add(path)
      const opened = openLogFile(path)
      // Where it was compacted meanwhile, its successor has another name.
      if (!opened) paths = logPaths(folder)
      else if (load(opened)) return
    }
  }

  /** False when the first line is no header of ours: a newer version's log, or a damaged one, is left alone. */
  function load(opened: LogFile): boolean {
    let lines = 0
    let header: Header | undefined
    let isOld = false
    opened.read((line) => {
      if (lines++ > 0) {
        if (header) takeLine(line)
        return
      }
      header = readHeader(line)
      isOld = isOldHeader(line)
      if (!header) return
      memory = createMemory({ customers: header.customers, seed: header.seed })
      memory.records.reserve(header.next)
    })
    if (header) log = opened
    else {
      unreadable++
      opened.close()
    }
    if (isOld) throw oldFormat(opened.path)
    return header !== undefined
  }

  function takeLine(line: string): void {
    const entry = readEntry(line)
    entries++
    if (entry) memory.apply(entry)
    else unreadable++
  }

  return {
    catchUp() {
      if (log && !log.current()) forget()
      if (log) log.read(takeLine)
      else reopen()
    },
    get memory() {
      return memory
    },
    get log() {
      return log
    },
    get entries() {
      return entries
    },
    get unreadable() {
      return unreadable
    },
    forget,
  }
}

/** Its ids, cursors and changes belong to customers that this version's shop does not have. */
function oldFormat(path: string): CliError {
  return new CliError('local_error', `the sandbox in ${path} was made by an earlier version of orafi`, {
    hint: 'erase it and begin again with: orafi sandbox reset',
  })
}
