/** The shells that there is completion for. */
export const shellNames = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shellNames)[number]
