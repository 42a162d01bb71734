import type { Command } from '@commander-js/extra-typings'
import { guide } from '../reference/guide.ts'

/** `orafi sandbox …` */
export function define(command: Command): void {
  command.description('A local copy of Orafi with fake customers, to practise on.')
  guide(command, {
    notes: `--sandbox on any command, or ORAFI_SANDBOX=1: a shop of 250 fake customers, served over real HTTP on this machine; no key and no network needed. Twenty people appear two or three times; each key sees 5 groups of duplicates. Changes last from one command to the next; "orafi sandbox reset" restores the initial data.

It acts as a profile with both keys and uses the test key by default; --live uses its live key, so that you can practise a live delete with all its prompts. Stored keys, ORAFI_API_KEY and ORAFI_BASE_URL are ignored; login, logout and use do not work with it.

"orafi sandbox serve" serves it to other programs, optionally with faults: slow, dropped, failed or rate-limited responses.`,
    examples: [
      'orafi customers list --sandbox',
      'ORAFI_SANDBOX=1 orafi customers duplicates',
      'orafi sandbox serve --port 4010 --drop-rate 0.1',
    ],
  })
}
