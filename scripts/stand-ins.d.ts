import type { Plugin } from 'rolldown'

export function standInsPlugin(): Plugin & { unused: Set<string> }
