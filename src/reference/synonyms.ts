/**
 * What people type who know gh, Stripe, kubectl, aws, git, SQL or Unix better than orafi, and what is meant. Words and
 * phrases are separated by commas, in lower case. A path is the words of a command after `orafi`.
 */

/** Words for each command. If two commands have the same word, the one in the group that was typed is meant, else the first. */
export const commandWords: Readonly<Record<string, string>> = {
  customers:
    'customer, cust, client, clients, user, users, people, person, contact, contacts, buyer, buyers, member, members',
  'customers list': 'ls, all, index, browse, get customers, get all, get users, list all, scan, query, dir',
  'customers count':
    'total, size, stats, statistics, number, length, len, wc, how many, count all, summary, report',
  'customers get':
    'show, view, describe, retrieve, read, fetch, info, inspect, details, detail, open, cat, display, print',
  'customers find':
    'search, lookup, look up, look, grep, filter, locate, where, which, select, find by email, who, query customers',
  'customers create': 'add, new, make, insert, register, signup, sign up, post, invite, put customer',
  'customers delete':
    'rm, remove, del, destroy, erase, drop, purge, trash, kill, unlink, delete from, bulk delete',
  'customers duplicates':
    'dedupe, dedup, dedupes, duplicate, dups, dupes, dup, doubles, uniq, unique, deduplicate, find duplicates, similar, delete duplicates, remove duplicates, rm duplicates, clean, cleanup',
  'customers compare': 'diff, explain, why, versus, vs, same, match, compare customers',
  'customers import':
    'upload, load, ingest, bulk create, batch create, batch, bulk, import csv, import customers, apply, restore from, migrate, put',
  'customers export':
    'download, dump, backup, save, exports, extract, export csv, export customers, csv, write',
  runs: 'run, journal, change, changes, jobs, job, operations, batches',
  'runs list': 'history, log, logs, audit, activity, events, ls',
  'runs show': 'get, view, describe, info, inspect, status, cat, details',
  'runs undo': 'revert, rollback, roll back, restore, undelete, recover, back, reverse, unimport, undo last',
  'runs forget':
    'rm, remove, delete, del, erase, clear, prune, gc, redact, anonymize, anonymise, purge, clean, cleanup, destroy, drop',
  login:
    'auth login, auth, authenticate, logins, sign in, signin, log in, authorize, connect, init, setup, configure, auth add, keys add, add key, key, keys, token, auth token',
  logout:
    'auth logout, sign out, signout, log out, log off, logoff, auth remove, disconnect, revoke, deauthorize, keys remove, delete key, auth revoke',
  whoami:
    'auth status, status, me, account, accounts, profile, profiles, auth list, who am i, who, id, identity, config list, config get, config view, config show, profile list, profiles list, list profiles, keys list, list keys, current, doctor, ping, business, sts get caller identity',
  use: 'switch, auth switch, config use context, config set, config set context, use context, context, profile use, profile switch, mode, set mode, env, environment, checkout, workspace, default, test, live',
  sandbox: 'demo, playground, practice, practise, mock, fake, fixtures',
  'sandbox serve': 'serve, server, start, run, up, listen, daemon, host',
  'sandbox reset': 'reset, seed, clear, clean, init, restore, recreate, delete, rm, wipe',
  help: 'man, manual, docs, doc, usage, guide, h, ?, tutorial, example, examples, topics',
  completion: 'completions, autocomplete, complete, complete bash, shell completion',
  commands: 'schema, api, reference, tools, list commands, mcp',
}

/** Something that does not exist here: why, and what to do. */
export interface Absent {
  readonly words: string
  readonly hint: string
}

const noUpdate =
  'the Orafi API cannot change a customer. You can create a new one (orafi customers create) and delete the old one (orafi customers delete), but spending and transactions stay with the old one'

/** Commands that do not exist. */
export const absentCommands: readonly Absent[] = [
  {
    words:
      'update, edit, modify, change, patch, set, rename, upsert, replace, update customer, edit customer, change email, update email, mv, move, correct, fix',
    hint: noUpdate,
  },
  {
    words: 'merge, merge customers, combine, join, consolidate, unify',
    hint: 'the Orafi API cannot merge customers. See which customers are the same person with: orafi customers duplicates',
  },
  {
    words: 'archive, archive customer, unarchive',
    hint: 'the Orafi API cannot archive customers. To keep a copy: orafi customers export FILE. Deleting is permanent: orafi customers delete ID',
  },
  {
    words: 'gdpr, forget, anonymize, anonymise, redact',
    hint: 'to delete a customer without keeping a copy: orafi customers delete ID --no-journal. To erase a customer from the journal: orafi runs forget ID',
  },
  {
    words: 'upgrade, self update, selfupdate, update cli, update orafi',
    hint: 'orafi is updated with npm: npm install --global orafi@latest',
  },
  { words: 'version, ver, v, about', hint: 'Did you mean orafi --version?' },
  {
    words: 'config, settings, preferences, options, config path, prefs',
    hint: 'settings are flags and environment variables: orafi help environment. Keys and profiles: orafi login, orafi use, orafi whoami',
  },
  {
    words:
      'transactions, transaction, payments, payment, payouts, payout, refunds, refund, orders, order, invoices, invoice, charges, charge, products, product, subscriptions, subscription, balance, prices, checkout sessions, webhooks, webhook, trigger, links, cards, disputes, coupons',
    hint: 'orafi only manages customers; for everything else, use the Orafi dashboard',
  },
  {
    words: 'open dashboard, dashboard, web, ui, gui, tui, console, shell, repl, interactive',
    hint: 'orafi has commands only; see them with: orafi --help',
  },
  {
    words: 'sort, order by, order',
    hint: 'the Orafi API cannot sort. Sort the output: orafi customers list --all --fields email,totalSpent | sort',
  },
  {
    words:
      'tag, tags, label, labels, note, notes, segment, segments, group, block, ban, suspend, disable, deactivate',
    hint: 'customers have no such field in the Orafi API; see the fields with: orafi customers get ID',
  },
]

/** Words for the topics of `orafi help`. */
export const topicWords: Readonly<Record<string, string>> = {
  'exit-codes': 'errors, error, codes, code, exit, status, exitcode, exit status, return codes',
  environment: 'env, variables, vars, config, configuration, settings, environment variables',
  formats: 'format, json, csv, tsv, ndjson, output, fields, table, formatting',
  safety: 'safe, security, confirm, confirmation, yes, live, dry run, delete safely',
}

/** What an option that does not exist stands for. The first row that fits the command counts. */
export interface OptionWords {
  /** Options as typed, with a value if it matters: `-o json`. Long ones match in any case, with and without hyphens. */
  readonly typed: string
  /** The options that do it; the first one that the command has is meant. */
  readonly meant?: string
  /** Only for these commands. */
  readonly on?: string
  /** What to do instead. */
  readonly hint?: string
}

/** What to do with a key on a command line. */
export const noKeyFlag =
  'no flag takes a key: others could read it in the shell history and the process list. orafi login asks for it; from a file: orafi login --with-key < key.txt'

export const optionWords: readonly OptionWords[] = [
  {
    typed: '-o, --output, --out, --output-file, --file, --filename, --to, --path, --destination, --outfile',
    on: 'customers export',
    hint: 'the file is an argument, and its name decides the format: orafi customers export customers.csv',
  },
  {
    typed: '-f, --file, --filename, --input, -i, --from, --source, --path, --csv-file, --data',
    on: 'customers import',
    hint: 'the file is an argument: orafi customers import FILE (- reads standard input)',
  },
  {
    typed: '--file, --input, -i, --export, --csv-file',
    on: 'customers duplicates, customers compare',
    meant: '--from',
  },
  {
    typed: '--threshold, --confidence, --probability, --likelihood, --score, --min-score, --min-confidence',
    on: 'customers duplicates, customers compare',
    meant: '--certainty',
  },
  { typed: '-o, --output, --save, --out', on: 'customers duplicates', meant: '--plan' },
  {
    typed: '--delete, --apply, --fix, --merge, --remove, --yes, -y, --auto',
    on: 'customers duplicates',
    hint: 'duplicates deletes nothing: save a plan and delete with it: orafi customers duplicates --plan plan.json, then orafi customers delete --plan plan.json',
  },
  {
    typed: '-o json, --output json, --format json, --out json, --type json, -f json, -j, --as json',
    meant: '--json',
  },
  {
    typed:
      '-o ndjson, --output ndjson, --format ndjson, -o jsonl, --output jsonl, --format jsonl, --jsonl, --json-lines, --stream, --json-stream, -o stream-json',
    meant: '--ndjson',
  },
  { typed: '-o csv, --output csv, --format csv, --out csv, -f csv, --as csv', meant: '--csv' },
  {
    typed:
      '--excel, --xlsx, --xls, -o xlsx, --output xlsx, --format xlsx, -o excel, --output excel, --format excel',
    meant: '--csv',
    hint: 'for a spreadsheet: --csv --excel-safe',
  },
  {
    typed:
      '-o tsv, --output tsv, --format tsv, --tsv, -o text, --output text, --format text, --text, --plain, --raw, --no-header, --no-headers, -o plain, --format plain, --porcelain',
    hint: 'in a pipe or file the output is tab-separated, without a header: leave the option out',
  },
  {
    typed: '-o table, --output table, --format table, -o wide, --wide, --output wide, --human, --pretty',
    meant: '--table',
  },
  {
    typed: '--pretty-print, --indent, --color-output',
    hint: 'on a terminal the output is a table, and --json is indented: leave the option out',
  },
  {
    typed: '-o name, -o id, --ids-only, --id-only, --only-ids, --only-id, -o ids, --output name',
    hint: 'choose columns with --fields: --fields id',
  },
  {
    typed:
      '-o yaml, --output yaml, --format yaml, --yaml, --xml, -o xml, --format xml, --output xml, --html, --format html, --markdown, --md',
    hint: 'the formats are --json, --ndjson and --csv, and tab-separated in a pipe: orafi help formats',
  },
  {
    typed: '--jq, --template, -o jsonpath, --jsonpath, -o go-template, --go-template, --expand, --include',
    hint: 'print --json and process it with jq: --json | jq …',
  },
  {
    typed:
      '--query, --search, --filter, --where, --match, --contains, --like, --grep, --name, --email, --mail, --text, --q',
    on: 'customers list, customers count, customers find, customers export',
    hint: 'search by e-mail or name with: orafi customers find TEXT',
  },
  {
    typed: '--email, --mail, --name, --query, --search',
    on: 'customers get, customers delete',
    hint: 'ids and e-mails are arguments, without an option; find them with: orafi customers find TEXT',
  },
  {
    typed: '-a, -A, --all, --everything',
    on: 'customers delete',
    hint: 'there is no option to delete all customers: name them as arguments, or in a file with --ids-from',
  },
  {
    typed: '--id, --ids, --customer, --customer-id, --customers',
    on: 'customers get, customers delete, runs undo',
    hint: 'ids are arguments, without an option',
  },
  {
    typed: '--run, --run-id, --id, --last',
    on: 'runs show, runs undo, runs forget',
    hint: 'the run is an argument; see the runs with: orafi runs list',
  },
  {
    typed: '-o, --output, --format, --output-format, --as, --type, --out',
    hint: 'the formats are --json, --ndjson and --csv, and tab-separated in a pipe: orafi help formats',
  },
  {
    typed:
      '-n, -L, -l, --max, --max-items, --max-results, --per-page, --page-size, --top, --head, --first, --count, --rows, --size, --num, --number, --results, --take, --limits, -c, --maxresults, --tail',
    meant: '--limit',
  },
  { typed: '--charset, --input-encoding, -e, --codepage, --from-code', meant: '--encoding' },
  {
    typed: '--skip, --skip-rows, --skiprows, --header-row, --header-line, --start-row, --offset',
    on: 'customers import',
    meant: '--skip-lines',
  },
  { typed: '--fill, --defaults, --default-value, --fallback', meant: '--default' },
  { typed: '--upsert, --if-not-exists, --if-absent, --unless-exists', meant: '--if-missing' },
  {
    typed: '--page, -p, --offset, --skip, --cursor, --starting-after, --all, -a',
    on: 'customers find, customers count, customers export, customers duplicates',
    hint: 'all customers are read: leave the option out',
  },
  {
    typed:
      '--page, -p, --offset, --skip, --start, --starting-after, --after-id, --next-token, --starting-token, --page-token, --continue, --next, --start-at, --from-id, --ending-before, --marker, --pages',
    meant: '--cursor',
    hint: 'page through the results with --cursor: each listing prints the command for the next page. --all lists everything',
  },
  {
    typed:
      '-a, -A, --everything, --all-pages, --paginate, --no-limit, --auto-paginate, --no-paginate, --complete, --full',
    meant: '--all',
  },
  {
    typed:
      '--sort, --order, --order-by, --sort-by, --reverse, -r, --desc, --asc, -s, --descending, --sort-order',
    hint: 'the Orafi API cannot sort. Sort the output: orafi customers list --all --fields email,totalSpent | sort',
  },
  {
    typed:
      '--since, --after, --from, --start-date, --from-date, --newer-than, --created, --created-since, --date-from, --begin, --created-from, --created-gte, --min-date, --start-time, --newer, --days',
    meant: '--created-after, --older-than',
  },
  {
    typed:
      '--until, --before, --to, --end-date, --to-date, --end, --older-than, --created-until, --date-to, --created-to, --created-lt, --max-date, --end-time, --older',
    meant: '--created-before, --older-than',
  },
  { typed: '--age, --older, --days, --keep-days, --retention', meant: '--older-than' },
  {
    typed:
      '--min-spent, --max-spent, --total-spent, --amount-spent, --amount, --spend, --spent-range, --range, --min-amount, --spending, --min-total, --total, --spent-above',
    meant: '--spent',
  },
  {
    typed:
      '--columns, --cols, --column, --field, --select, --show, --properties, --props, --keys, -F, --only, --attributes, --pick, --fieldset',
    meant: '--fields',
  },
  { typed: '--separator, --sep, -d, --delim, -t, --field-separator', meant: '--delimiter' },
  {
    typed: '--force, -f, --overwrite, --clobber, --replace, --yes, -y',
    on: 'customers export, customers import, customers duplicates',
    meant: '--force, --yes',
  },
  {
    typed:
      '--force, -f, -rf, -fr, -y, -Y, --yes, --confirm, --assume-yes, --no-confirm, --noconfirm, --skip-confirmation, --skip-confirm, --auto-approve, --approve, --really, --no-ask, --no-confirmation, --yes-really, --sure, --i-know-what-i-am-doing, --silent-yes, --assumeyes, --agree, --accept',
    meant: '--yes',
  },
  {
    typed:
      '--non-interactive, --noninteractive, --no-interactive, --batch, --batch-mode, --no-prompt, --no-prompts, --unattended, --headless, --ci, --interactive false',
    meant: '--no-input',
  },
  {
    typed:
      '-n, --dryrun, --what-if, --whatif, --simulate, --preview, --noop, --no-op, --check, --validate, --test-run, --plan-only, -N, --pretend, --try, --just-print, --check-only, --validate-only, --dry',
    meant: '--dry-run',
  },
  {
    typed: '--include-spent, --include-spending, --spenders, --with-spenders, --allow-spenders, --paid',
    meant: '--include-spenders',
  },
  {
    typed: '--max, --limit, --at-most, --max-deletes, --max-deletions',
    on: 'customers delete, runs undo',
    meant: '--max-delete',
  },
  {
    typed:
      '--ids-file, --id-file, --from, --file, -f, --input, -i, --from-file, --csv-file, --ids-csv, --emails-from, --list, --stdin',
    meant: '--ids-from',
  },
  {
    typed:
      '--ignore-errors, --keep-going, --continue-on-error, --skip-errors, --skip-bad, --ignore-invalid, --lenient, -k',
    meant: '--skip-invalid',
  },
  {
    typed:
      '--parallel, -j, --jobs, --workers, --threads, --parallelism, --max-concurrency, -P, --concurrent, --batch-size, --rate',
    meant: '--concurrency',
  },
  {
    typed:
      '--rejected, --errors, --error-file, --bad-file, --failed, --failures, --reject-file, --rejects-file, --invalid, --log',
    meant: '--rejects',
  },
  {
    typed:
      '--mapping, --columns-map, --column-map, --field-map, --map-columns, --rename, --header, --headers, --columns',
    meant: '--map',
  },
  {
    typed: '--allow-duplicates, --duplicates, --allow-dupes, --no-dedupe, --include-existing',
    meant: '--allow-existing',
  },
  { typed: '--fuzzy, --exact, --similar, --level, --strictness, --threshold, --fuzziness', meant: '--match' },
  { typed: '--interactive, -i, --decide, --ask', meant: '--review' },
  {
    typed: '--prefer, --winner, --survivor, --keep-newest, --keep-oldest, --keep-first, --keep-last',
    meant: '--keep',
  },
  { typed: '--field, --in, --only, --on', on: 'customers find', meant: '--by' },
  {
    typed: '--first, --given-name, --fname, --forename, --name, --fullname, --full-name',
    meant: '--firstname',
  },
  { typed: '--last, --surname, --family-name, --lname', meant: '--lastname' },
  { typed: '--mail, --e-mail, --email-address, --address', meant: '--email' },
  {
    typed: '--gzip, -z, --compress, --gz, --zip',
    on: 'customers export',
    hint: 'a name that ends in .gz is compressed: orafi customers export customers.csv.gz',
  },
  { typed: '--continue, --restart, --retry, -c', meant: '--resume' },
  { typed: '--no-log, --no-history, --private, --no-audit, --forget', meant: '--no-journal' },
  {
    typed:
      '--api-key, --apikey, --key, -k, --token, --secret, --secret-key, --access-token, --auth-token, --auth, --with-token, --bearer, --password, --pass, --credentials, --header, -H, --access-key, --test-key, --live-key, --publishable-key',
    hint: noKeyFlag,
  },
  {
    typed:
      '--env live, --environment live, --env production, --env prod, --mode live, --environment production, --livemode, --live-mode, --production, --prod, --mode production, --mode prod, --live-data',
    meant: '--live',
  },
  {
    typed:
      '--env test, --environment test, --env sandbox, --env dev, --env staging, --mode test, --staging, --testmode, --test-mode, --dev, --development, --env development',
    meant: '--test',
  },
  {
    typed: '--env, --environment, --stage, --mode',
    meant: '--mode, --live, --test',
    hint: 'choose the key with --test or --live',
  },
  {
    typed:
      '--account, --business, --context, --user, -p, -P, --as, --merchant, --project-name, --project, --workspace, --org, --organization, --store, --shop, --stripe-account, --cluster',
    meant: '--profile',
  },
  { typed: '--demo, --mock, --fake, --practice, --local, --offline', meant: '--sandbox' },
  {
    typed: '--config, --config-file, --config-dir, --home, --kubeconfig, --state-dir, --data-dir',
    hint: 'the folders are set with ORAFI_CONFIG_DIR and ORAFI_STATE_DIR: orafi help environment',
  },
  {
    typed:
      '--base-url, --url, --endpoint, --endpoint-url, --host, --server, --api-base, --api-url, --api, --hostname, --region',
    hint: 'the address is set with ORAFI_BASE_URL: orafi help environment',
  },
  {
    typed: '--proxy, -x, --http-proxy, --https-proxy',
    hint: 'a proxy is set with HTTPS_PROXY: orafi help environment',
  },
  {
    typed:
      '--insecure, -k, --no-verify-ssl, --skip-tls-verify, --no-check-certificate, --insecure-skip-tls-verify, --ca-bundle, --cacert, --ca-cert, --ca, --certificate-authority',
    hint: 'certificates are always checked; trust another authority with NODE_EXTRA_CA_CERTS: orafi help environment',
  },
  {
    typed:
      '--verbose, -vv, -vvv, --trace, --log-level, --loglevel, --log, --info, -d, -D, --show-requests, --http-trace, --print-request',
    meant: '--debug',
  },
  {
    typed: '--silent, -s, -S, --no-progress, --no-progress-bar, --no-spinner, --hush, --no-status, -Q',
    meant: '--quiet',
  },
  {
    typed: '--color, --colour, --colors, --no-colour, --no-colors, --monochrome, --no-ansi, --color never',
    meant: '--no-color',
    hint: 'colour is for terminals; --no-color turns it off, and FORCE_COLOR=1 turns it on elsewhere',
  },
  {
    typed: '--max-retries, --retry, --max-attempts, --attempts, --tries, --no-retry, --no-retries',
    meant: '--retries',
  },
  {
    typed:
      '--time-out, --request-timeout, --max-time, -m, --connect-timeout, --cli-read-timeout, --deadline, -t, --wait-timeout',
    meant: '--timeout',
  },
  { typed: '--wait, --max-delay, --rate-limit-wait', meant: '--max-wait' },
  { typed: '-?, --usage, --man, --manual, -help, --helpme, /?, --h', meant: '--help' },
  { typed: '-v', hint: 'Did you mean --debug, or --version?' },
  { typed: '--ver, --about', meant: '--version' },
  { typed: '--delete, --remove, --rm', hint: 'deleting is a command: orafi customers delete ID' },
  { typed: '--create, --add, --new', hint: 'creating is a command: orafi customers create' },
  { typed: '--list, --ls', hint: 'listing is a command: orafi customers list' },
  { typed: '--find, --search, --lookup', hint: 'searching is a command: orafi customers find TEXT' },
  { typed: '--update, --edit, --set', hint: noUpdate },
  { typed: '--undo, --rollback, --restore', hint: 'undoing is a command: orafi runs undo RUN' },
  { typed: '--export, --download', hint: 'exporting is a command: orafi customers export FILE' },
  { typed: '--import, --upload', hint: 'importing is a command: orafi customers import FILE' },
  { typed: '--login', hint: 'signing in is a command: orafi login' },
  { typed: '--watch, -w, --follow', hint: 'there is no such mode; run the command again' },
  {
    typed: '--metadata, --data, --phone, --address, --description, --currency, --country',
    on: 'customers create',
    hint: 'a customer has only a first name, a last name and an e-mail: --firstname, --lastname, --email',
  },
]

/** What to do with arguments that a command does not take. */
export const extraArguments: Readonly<Record<string, string>> = {
  'customers list':
    'to search by e-mail or name: orafi customers find TEXT; to show customers by id: orafi customers get ID',
  'customers count':
    'count takes filters only, such as --mode and --spent; to search: orafi customers find TEXT',
  'customers create':
    'name the values: orafi customers create --firstname Ada --lastname Obi --email ada@shop.example',
  'customers duplicates': 'to read a file: orafi customers duplicates --from FILE',
  'customers compare':
    'compare takes two customers; to compare all: orafi customers duplicates --match likely',
  'customers import': 'import one file at a time',
  'customers export': 'export to one file at a time',
  login:
    'no argument takes a key: others could read it in the shell history and the process list. orafi login asks for it; from a file: orafi login --with-key < key.txt. A profile is named with --profile',
  logout: 'name a profile with --profile; --test, --live and --all say which keys',
  whoami: 'name a profile with --profile; --all lists all keys',
  use: 'name a profile with --profile: orafi use live --profile shop',
  'runs list': 'to show one run: orafi runs show RUN',
  'runs show': 'show one run at a time',
  'runs forget': 'forget one run at a time, or all of an age with --older-than',
}

/** Words for the values of options, by their names. */
export const valueWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '--mode': { test: 'sandbox, dev, development, staging, t', live: 'prod, production, real, l' },
  mode: { test: 'sandbox, dev, development, staging, t', live: 'prod, production, real, l' },
  '--by': {
    email: 'mail, e-mail, address',
    name: 'firstname, lastname, fullname, names',
    any: 'all, both, id, *',
  },
  '--match': {
    exact: 'strict, email, same',
    alias: 'mailbox, normal',
    likely: 'fuzzy, similar, name, loose',
  },
  '--keep': {
    'most-spent': 'richest, spent, best, highest',
    oldest: 'first, old, earliest',
    newest: 'last, new, latest, recent',
  },
  '--format': { csv: 'excel, tsv, txt, xlsx', ndjson: 'jsonl, json-lines', json: 'array' },
  shell: { bash: 'sh', zsh: 'mac, macos', fish: '' },
}
