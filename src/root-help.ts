/** What `orafi --help` prints on 80 columns; written by `npm run docs`, so that no start has to make it. */
export const rootHelp = `Usage: orafi <command> [options]

Manage the customers of an Orafi account.

Commands:
  customers             the customers of an account: list, get, find, create,
                        delete, duplicates, import, export
  runs                  what was changed from this machine, and going back:
                        list, show, undo, forget

Keys and profiles:
  login                 check a key and keep it on this machine
  logout                remove stored keys
  whoami                show which key is in use, and whether it is accepted
  use [mode]            choose the profile and mode that are used

Trying and learning:
  sandbox               an Orafi of your own, to try things on: serve, reset
  help [command...]     show the help of a command, or explain a topic
  completion <shell>    print a script that completes commands with TAB
  commands              describe every command, for editors and agents

Output options:
  --json                one JSON document on stdout; errors as JSON on stderr
  --ndjson              one JSON record a line, as they arrive
  --csv                 CSV with a header row (RFC 4180)
  --excel-safe          with --csv: guard cells that a spreadsheet would run,
                        with a leading '
  --fields <names>      columns to print, in this order, with commas between:
                        id, firstname, lastname, email, mode, totalSpent,
                        createdAt or updatedAt

Account options:
  --test                insist on a test key
  --live                insist on a live key
  --profile <name>      use the keys of this stored profile
  --sandbox             work on an Orafi inside this process; no key, no network

Request options:
  --timeout <seconds>   for one attempt of one request (default: 30)
  --retries <n>         how often a request is tried again (default: 3)
  --max-wait <seconds>  longest single wait for a rate limit (60; no limit in
                        bulk)

Terminal options:
  -q, --quiet           no notes and no progress on stderr
  --debug               show each request, its status and its time on stderr
  --no-input            never ask
  --no-color            no colour

Other options:
  -V, --version         show the version
  -h, --help            show the help of a command

Examples:
  $ orafi customers list --sandbox --spent ABOVE500USDT
  $ orafi customers find 'melvin charles' --json
  $ orafi customers delete --ids-from old.csv --dry-run

Options work before and after every command. More: orafi help COMMAND, and orafi
help TOPIC, which is one of exit-codes, environment, formats, safety, sandbox.
`
