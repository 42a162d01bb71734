import type { Command } from '@commander-js/extra-typings'
import { guide } from '../reference/guide.ts'

/** `orafi sandbox …` */
export function define(command: Command): void {
  command.description('A local Orafi with invented customers, to practise on.')
  guide(command, {
    notes: `--sandbox on any command, or ORAFI_SANDBOX=1: a shop of 250 invented customers, over real HTTP on this machine, without a key or a network. Twenty people appear two or three times; either key sees 5 groups of duplicates. Changes last from one command to the next; "orafi sandbox reset" restores the initial data.

It acts as a profile with both keys and uses the test key by default; --live uses its live key, so that you can practise a live delete with all its prompts. Stored keys, ORAFI_API_KEY and ORAFI_BASE_URL are ignored; login, logout and use refuse it.

"orafi sandbox serve" serves it to other programs, with faults if you like: responses that are slow, dropped, refused or rate limited.`,
    examples: [
      'orafi customers list --sandbox',
      'ORAFI_SANDBOX=1 orafi customers duplicates',
      'orafi sandbox serve --port 4010 --drop-rate 0.1',
    ],
  })
}
