import type { Command } from '@commander-js/extra-typings'
import { guide } from '../reference/guide.ts'

/** `orafi customers …` */
export function define(command: Command): void {
  command.description('List, count, look up, create and delete customers.')
  guide(command, {
    examples: [
      'orafi customers list --spent ABOVE500USDT',
      'orafi customers find mekus@orafi.app --by email',
      'orafi customers delete cmjr4c7qq0000v8hozkzz4em5 --dry-run',
    ],
  })
}
