/** What `--help` says, 80 columns wide: the build puts it here, so that saying it needs no command tree. */
export const rootHelp: string = ''
