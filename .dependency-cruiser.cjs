// The direction of the house, said once: a room, and what it may import within src/.
// docs/decisions.md says why each arrow is there; `npm run check` enforces them.
const leaves = ['errors.ts', 'exact.ts', 'text-set.ts', 'visible.ts', 'world.ts']
const rooms = {
  'main.ts': ['program.ts', 'context.ts', 'version.ts', 'api', 'output', 'ui', ...leaves],
  'program.ts': ['commands', 'context.ts', 'globals.ts', 'version.ts', 'output', ...leaves],
  commands: [
    'dialogue',
    'context.ts',
    'session.ts',
    'globals.ts',
    'bulk',
    'duplicates',
    'customers',
    'api',
    'config',
    'journal',
    'input',
    'disk',
    'sandbox',
    'output',
    'ui',
    ...leaves,
  ],
  // What commands of one kind show, ask and say: every deletion goes through one of them.
  dialogue: ['context.ts', 'session.ts', 'bulk', 'duplicates', 'disk', 'ui', 'customers', 'api', 'input', 'journal', 'output', ...leaves],
  'context.ts': ['session.ts', 'globals.ts', 'trace.ts', 'customers', 'api', 'config', 'journal', 'input', 'disk', 'sandbox', 'output', 'ui', ...leaves],
  'session.ts': ['api', 'config', 'sandbox', ...leaves],
  'globals.ts': ['api', 'config', 'output', ...leaves],
  'trace.ts': ['api', ...leaves],
  'version.ts': [],
  bulk: ['customers', 'api', 'config', 'journal', 'input', 'disk', ...leaves],
  duplicates: ['customers', 'api', 'config', 'journal', 'input', 'disk', ...leaves],
  customers: ['api', 'config', 'journal', 'input', 'disk', ...leaves],
  config: ['disk', ...leaves],
  journal: ['disk', ...leaves],
  input: ['api', 'disk', ...leaves],
  output: ['api', ...leaves],
  api: leaves,
  sandbox: ['disk', ...leaves],
  disk: leaves,
  ui: leaves,
  'errors.ts': [],
  'exact.ts': [],
  'text-set.ts': [],
  'visible.ts': [],
  'world.ts': ['errors.ts'],
}

const within = (name) => (name.endsWith('.ts') ? `^src/${name.replace('.', '\\.')}$` : `^src/${name}/`)

const directions = Object.entries(rooms).map(([room, allowed]) => ({
  name: `direction-of-${room}`,
  comment: `${room} may import only ${[room, ...allowed].join(', ')} within src/`,
  severity: 'error',
  from: { path: within(room) },
  to: { path: '^src/', pathNot: [room, ...allowed].map(within) },
}))

module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'every-room-has-a-rule',
      comment: 'a new room needs its line in the table above',
      severity: 'error',
      from: { path: '^src/', pathNot: Object.keys(rooms).map(within) },
      to: {},
    },
    {
      name: 'sandbox-only-from-context-and-its-commands',
      comment: 'the sandbox is the other side of the wire: nothing of ours may reach into it',
      severity: 'error',
      from: { path: '^src/commands/', pathNot: '^src/commands/sandbox' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'undici-only-in-api',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/api/' },
      to: { path: 'node_modules/undici/' },
    },
    {
      name: 'conf-only-in-config',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/config/' },
      to: { path: 'node_modules/conf/' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    reporterOptions: { dot: { collapsePattern: '^src/[^/]+' } },
  },
}
