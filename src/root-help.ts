/** What `orafi --help` prints on 80 columns; written by `npm run docs`, so that no start has to make it. */
export const rootHelp = `Usage: orafi <command> [options]

Manage the customers of an Orafi account.

Commands:
  customers             the customers of an account: list, count, get, find,
                        create, delete, duplicates, compare, import, export
  runs                  view and undo changes made from this machine: list,
                        show, undo, forget

Keys and profiles:
  login                 check an API key and store it on this machine
  logout                remove stored keys
  whoami                show which key is in use and whether the API accepts it
  use [mode]            set the default profile and mode

Trying and learning:
  sandbox               a local copy of Orafi with fake customers, to practise
                        on: serve, reset
  help [command...]     show help for a command or a topic
  completion <shell>    print a shell completion script
  commands              list every command; with --json, for editors and agents

Output options:
  --json                print one JSON document; errors are JSON on stderr
  --ndjson              print one JSON record per line as results arrive
  --csv                 print CSV with a header row (RFC 4180)
  --table               print a table in a pipe too (COLUMNS or 80 wide)
  --excel-safe          with --csv: for Excel: adds a byte order mark, and '
                        before cells that Excel would run as formulas
  --fields <names>      comma-separated list of columns to print, in this order:
                        id, firstname, lastname, email, mode, totalSpent,
                        createdAt or updatedAt

Account options:
  --test                require a test key
  --live                require a live key
  --profile <name>      use the keys of this profile
  --sandbox             use the built-in sandbox: no key, no network

Request options:
  --timeout <seconds>   timeout for each attempt of a request (default: 30)
  --retries <n>         how many times to retry a failed request (default: 3)
  --max-wait <seconds>  maximum wait for a rate limit (default: 60; no limit in
                        bulk)

Terminal options:
  -q, --quiet           hide notes and progress on stderr
  --debug               log each request with its status and duration on stderr
  --no-input            never prompt
  --no-color            turn off colour

Other options:
  -V, --version         show the version
  -h, --help            show help

Examples:
  $ orafi customers list --sandbox --spent ABOVE500USDT
  $ orafi customers find melvin charles --json
  $ orafi customers delete --ids-from old.csv --dry-run

Global options can be given before or after any command. Learn more with orafi
help COMMAND, or orafi help TOPIC: exit-codes, environment, formats, safety,
sandbox.
`
