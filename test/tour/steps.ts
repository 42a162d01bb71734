/** What is typed, and the text that shows that the screen is complete; without it, the prompt of the shell. */
export interface Step {
  /** What happens, for the reader of the stored screens. */
  readonly what: string
  readonly type: string
  readonly until?: RegExp
}

const testKey = 'ora_test_sandbox_key_not_a_secret_0test'
const liveKey = 'ora_live_sandbox_key_not_a_secret_0live'

export const steps: readonly Step[] = [
  { what: 'login asks for the key', type: 'orafi login\r', until: /key/ },
  { what: 'login with the key, which is not shown', type: `${testKey}\r` },
  { what: 'whoami', type: 'orafi whoami\r' },
  { what: 'list', type: 'orafi customers list --spent ABOVE500USDT --limit 5\r' },
  { what: 'find', type: 'orafi customers find kwame agyeman\r' },
  { what: 'find nobody', type: 'orafi customers find kwame.agyeman@gmial.com\r' },
  { what: 'get', type: 'orafi customers get kwame.agyeman@gmail.com\r' },
  {
    what: 'create asks for a name',
    type: 'orafi customers create --email ada.obi@example.com\r',
    until: /irst name/,
  },
  { what: 'create asks for the last name', type: 'Ada\r', until: /ast name/ },
  { what: 'create', type: 'Obi\r' },
  { what: 'delete asks', type: 'orafi customers delete kwame.agyeman@gmail.com\r', until: /\[y\/N\]/ },
  { what: 'delete, declined', type: 'n\r' },
  { what: 'delete asks again', type: 'orafi customers delete kwame.agyeman@gmail.com\r', until: /\[y\/N\]/ },
  { what: 'delete', type: 'y\r' },
  // Without the note that names this machine.
  { what: 'runs show', type: 'orafi runs show last -q\r' },
  { what: 'undo asks', type: 'orafi runs undo last\r', until: /\[y\/N\]/ },
  { what: 'undo', type: 'y\r' },
  { what: 'runs list', type: 'orafi runs list\r' },
  { what: 'import, checked only', type: 'orafi customers import people.csv --dry-run\r' },
  { what: 'import', type: 'orafi customers import people.csv --skip-invalid\r' },
  { what: 'import again', type: 'orafi customers import people.csv --skip-invalid\r' },
  { what: 'duplicates', type: 'orafi customers duplicates --match likely\r' },
  {
    what: 'review: the first group',
    type: 'orafi customers duplicates --match likely --plan plan.json --review\r',
    until: /save and leave/,
  },
  { what: 'review: delete', type: 'd', until: /DELETE.*save and leave/ },
  { what: 'review: the next group', type: '\r', until: /Group 2 of.*save and leave/ },
  { what: 'review: left', type: 'q' },
  { what: 'the plan asks', type: 'orafi customers delete --plan plan.json\r', until: /y\/N/ },
  { what: 'the plan is applied', type: 'y\r' },
  { what: 'login with the live key', type: 'orafi login\r', until: /key/ },
  { what: 'signed in with both keys', type: `${liveKey}\r` },
  {
    what: 'delete with the live key wants the e-mail',
    type: 'orafi customers delete esi.darko@hotmail.com --live\r',
    until: /to continue:/,
  },
  { what: 'a wrong answer', type: 'esi\r' },
  { what: 'an unknown id', type: 'orafi customers get cm6dq7zbd000008akrhn2o3dx\r' },
  { what: 'a mistyped option', type: 'orafi customers list --spend above500\r' },
]
