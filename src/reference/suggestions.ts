import type { CommanderError, CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import leven from 'leven'
import { CliError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { visible } from '../visible.ts'
import { guideOf, wordsOf } from './layout.ts'
import synonyms from './synonyms.json' with { type: 'json' }

// What people type who know gh, Stripe, kubectl, aws, git, SQL or Unix better than orafi, and what is meant. Words and
// phrases are separated by commas, in lower case; a command is its words after `orafi`.

const { absentCommands, noKeyFlag } = synonyms

/** If two commands have the same word, the one in the group that was typed is meant, else the first. */
const commandWords: Readonly<Record<string, string>> = synonyms.commandWords

/** What to do with arguments that a command does not take. */
const extraArguments: Readonly<Record<string, string>> = synonyms.extraArguments

/** Words for the values of options, by their names. */
const valueWords: Readonly<Record<string, Readonly<Record<string, string>>>> = synonyms.valueWords

/** What an option that does not exist stands for. The first row that fits the command counts. */
interface OptionWords {
  /** Options as typed, with a value if it matters: `-o json`. Long ones match in any case, with and without hyphens. */
  readonly typed: string
  /** The options that do it; the first one that the command has is meant. */
  readonly meant?: string | undefined
  /** Only for these commands. */
  readonly on?: string | undefined
  /** What to do instead. */
  readonly hint?: string | undefined
}

const optionWords: readonly OptionWords[] = synonyms.optionWords

/**
 * Says what to do about a command line that commander refused: by synonyms, then by spelling.
 * @param parsed the program that refused it
 * @param whole the same program with every command loaded
 */
export function usageError(
  error: CommanderError,
  parsed: CommandUnknownOpts,
  whole: CommandUnknownOpts,
): CliError {
  const { command, args } = placeOf(parsed, whole)
  const { fields } = parsed.opts()
  const [message = ''] = error.message.replace(/^error: /, '').split('\n')
  const problem = { code: error.code, message, command, args, fields }
  const { text = message, hint } = explain(problem) ?? { hint: seeHelp(command) }
  return new CliError('usage', visible(text), { hint: visible(hint), cause: error })
}

interface Problem {
  readonly code: string
  readonly message: string
  readonly command: CommandUnknownOpts
  /** What the command got, without the options that commander knows. */
  readonly args: readonly string[]
  /** The value of `--fields` so far. */
  readonly fields: unknown
}

interface Explanation {
  /** Instead of commander's message. */
  readonly text?: string
  readonly hint: string
}

/** The error of an argument that is a key. */
export function keyError(key: string): CliError {
  const { text, hint } = explainKey(key)
  return new CliError('usage', text, { hint })
}

function explainKey(key: string) {
  // A whole key is masked on stderr, a part of one is not.
  const shown = key.length < 32 ? `${key.slice(0, 9)}…` : key
  return { text: `a key is on the command line: ${shown}`, hint: `${noKeyFlag}. Rotate this key` }
}

function explain(problem: Problem): Explanation | undefined {
  const { code, message, command, args } = problem
  const [key] = /ora_(?:test|live)_[\w-]*/i.exec(args.join(' ')) ?? []
  if (key !== undefined) return explainKey(key)
  switch (code) {
    case 'commander.unknownCommand':
      return { hint: explainCommand(command, args) }
    case 'commander.unknownOption':
      return explainOption(command, args, message)
    case 'commander.excessArguments':
      return explainArguments(problem)
    case 'commander.invalidArgument':
      return explainValue(command, message)
    default: {
      const [example] = guideOf(command).examples
      return example === undefined ? undefined : { hint: `${seeHelp(command)}; for example: ${example}` }
    }
  }
}

function seeHelp(command: CommandUnknownOpts): string {
  return `see ${pathOf(command)} --help`
}

function pathOf(command: CommandUnknownOpts): string {
  return wordsOf(command).join(' ')
}

/** The command that was reached, among all that are loaded, and what it got. */
function placeOf(parsed: CommandUnknownOpts, whole: CommandUnknownOpts): Pick<Problem, 'command' | 'args'> {
  const child = childOf(parsed, parsed.args[0])
  const same = child === undefined ? undefined : childOf(whole, child.name())
  return child === undefined || same === undefined
    ? { command: whole, args: parsed.args }
    : placeOf(child, same)
}

function childOf(command: CommandUnknownOpts, word: string | undefined): CommandUnknownOpts | undefined {
  return command.commands.find((one) => one.name() === word)
}

function rootOf(command: CommandUnknownOpts): CommandUnknownOpts {
  return command.parent === null ? command : rootOf(command.parent)
}

function* allCommands(command: CommandUnknownOpts): Generator<CommandUnknownOpts> {
  for (const child of command.commands) {
    yield child
    yield* allCommands(child)
  }
}

// Commands

function explainCommand(group: CommandUnknownOpts, args: readonly string[]): string {
  const meant = meantCommand(group, args)
  const isRoot = group.parent === null
  const listed = meant !== undefined && isRoot ? undefined : commandsOf(group)
  if (typeof meant === 'string') return [meant, ...(isRoot ? [] : [commandsOf(group)])].join('. ')
  const words = meant?.parent === group && !isRoot ? meant.name() : meant && pathOf(meant)
  const own =
    meant !== undefined && meant !== group && meant.commands.length > 0 ? commandsOf(meant) : undefined
  return [words && `Did you mean ${words}?`, own, listed].filter((part) => part !== undefined).join(' ')
}

function commandsOf(group: CommandUnknownOpts): string {
  return `The commands of ${pathOf(group)}: ${group.commands.map((one) => one.name()).join(', ')}`
}

/**
 * The command that was meant by words that name none in a group, or a sentence about why there is none. Undefined if
 * nothing is close.
 */
export function meantCommand(
  group: CommandUnknownOpts,
  args: readonly string[],
): CommandUnknownOpts | string | undefined {
  const words = wordsTyped(args)
  if (words.length === 0) return undefined
  const isOfCustomers = group.parent === null || group.name() === 'customers'
  const elsewhere = lookUp(rootOf(group), words)
  const isFit =
    typeof elsewhere === 'string' ? isOfCustomers : group.parent === null || !isDestructive(elsewhere)
  const other = isFit ? elsewhere : undefined
  return lookUp(group, words) ?? other ?? nearestCommand(group, words[0] ?? '')
}

/** Commands that destroy something else than what a word means in another group: `runs destroy` is no `customers delete`. */
function isDestructive(command: CommandUnknownOpts | undefined): boolean {
  const path = command === undefined ? '' : wordsOf(command).slice(1).join(' ')
  return ['customers delete', 'runs forget', 'sandbox reset', 'logout'].includes(path)
}

/** The words before any option, in lower case; `list-customers`, `customers:list` and `listCustomers` are two. */
function wordsTyped(args: readonly string[]): string[] {
  const end = args.findIndex((word) => word.startsWith('-'))
  return args
    .slice(0, end < 0 ? 4 : Math.min(end, 4))
    .filter((word) => word.length <= 60)
    .flatMap((word) =>
      word
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .split(/[\s:._/-]+/),
    )
    .filter((word) => word !== '')
}

/** Finds a command of a group by its name or a synonym, or why there is none: the longest phrase first. */
function lookUp(
  group: CommandUnknownOpts,
  words: readonly string[],
): CommandUnknownOpts | string | undefined {
  const commands = [...allCommands(group)]
  for (let count = words.length; count > 1; count--) {
    const phrase = words.slice(0, count).join(' ')
    const meant = commands.find((one) => isMeant(one, phrase)) ?? absent(group, phrase)
    if (meant !== undefined) return meant
  }
  const [first = '', second] = words
  const own = group.commands.find((one) => one.name() === first && one.commands.length === 0)
  return (
    own ??
    inGroup(commands, first, second) ??
    commands.find((one) => one.name() === first || isMeant(one, first)) ??
    absent(group, first)
  )
}

/** "customer rm", and "rm customer" as kubectl has it. */
function inGroup(
  commands: readonly CommandUnknownOpts[],
  first: string,
  second: string | undefined,
): CommandUnknownOpts | string | undefined {
  const groupNamed = (noun: string | undefined) =>
    commands.find(
      (one) => one.commands.length > 0 && noun !== undefined && (one.name() === noun || isMeant(one, noun)),
    )
  const group = groupNamed(first)
  if (group !== undefined) return (second === undefined ? undefined : lookUp(group, [second])) ?? group
  const object = groupNamed(second)
  return object === undefined ? undefined : lookUp(object, [first])
}

function isMeant(command: CommandUnknownOpts, phrase: string): boolean {
  return phrases(commandWords[wordsOf(command).slice(1).join(' ')]).includes(phrase)
}

function phrases(list: string | undefined): readonly string[] {
  return list?.split(/,\s*/) ?? []
}

/** Why there is no such command; runs and the sandbox have nothing of that kind. */
function absent(group: CommandUnknownOpts, phrase: string): string | undefined {
  if (group.parent !== null && group.name() !== 'customers') return undefined
  return absentCommands.find((one) => phrases(one.words).includes(phrase))?.hint
}

/** The command whose name or synonym is closest to a mistyped word; of equally close ones, the group's own. */
function nearestCommand(group: CommandUnknownOpts, word: string): CommandUnknownOpts | undefined {
  const commands = [...group.commands, ...(group.parent === null ? allCommands(group) : [])]
  const names = commands.map((one) => [one, one.name()] as const)
  // Short synonyms are close to anything.
  const synonyms = commands.flatMap((one) =>
    phrases(commandWords[wordsOf(one).slice(1).join(' ')])
      .filter((phrase) => phrase.length >= 5 && leven(phrase, word, { maxDistance: 3 }) <= 2)
      .map((phrase) => [one, phrase] as const),
  )
  const known = [...names, ...synonyms]
  const best = nearest(
    word,
    known.map(([, name]) => name),
  )
  return known.find(([, name]) => name === best)?.[0]
}

// Options

function explainOption(command: CommandUnknownOpts, args: readonly string[], message: string): Explanation {
  const place = args.findIndex((word) => message === `unknown option '${word}'`)
  const typed = args[place] ?? ''
  const [flag, value] = splitOption(typed, args[place + 1])
  const text = `unknown option '${flag}'`
  const hint =
    withoutValue(command, typed) ??
    moved(command, args, flag) ??
    sameOption(command, flag) ??
    adviceOn(command, flag, value) ??
    (flag.length === 2 && typed.length > 2 ? adviceOn(command, `-${typed}`, args[place + 1]) : undefined) ??
    elsewhere(command, flag) ??
    nearestOption(command, typed.startsWith('--') || typed.length === 2 ? flag : typed) ??
    seeHelp(command)
  const isShort = flag === typed || typed.startsWith('--') || hint === noKeyFlag
  return { text: isShort ? text : `unknown option '${typed}'`, hint }
}

/** `--page=2`, `--page 2`, `-n10` and `-n 10`. */
function splitOption(typed: string, next: string | undefined): [flag: string, value: string | undefined] {
  const following = next?.startsWith('-') ? undefined : next
  const [, flag = typed, value] = /^(-[^=]+)=(.*)$/s.exec(typed) ?? []
  if (value !== undefined) return [flag, value]
  if (!/^-[^-]./.test(typed) || isListed(typed)) return [typed, following]
  return [typed.slice(0, 2), typed.slice(2)]
}

function isListed(flag: string): boolean {
  return optionWords.some((row) => phrases(row.typed).some((one) => keyOf(one) === keyOf(flag)))
}

/** Long options without case and hyphens, so that `--pageSize` is `--page-size`; short ones as they are. */
function keyOf(option: string): string {
  const [flag = '', ...value] = option.split(' ')
  const key = flag.startsWith('--') ? `--${flag.toLowerCase().replace(/[-_]/g, '')}` : flag
  return [key, ...value.map((one) => one.toLowerCase())].join(' ')
}

/** Its own options and the global ones. */
function optionsOf(command: CommandUnknownOpts): Option[] {
  const root = rootOf(command)
  const own = command === root ? [] : command.options
  return [...own, ...root.createHelp().visibleOptions(root)]
}

function hasOption(command: CommandUnknownOpts, flag: string): boolean {
  return optionsOf(command).some(({ long, short }) => long === flag || short === flag)
}

function withoutValue(command: CommandUnknownOpts, typed: string): string | undefined {
  const [, flag] = /^(--[^=]+)=/.exec(typed) ?? []
  return flag !== undefined && hasOption(command, flag)
    ? `${flag} takes no value: type only ${flag}, or leave it out`
    : undefined
}

/** An option of a command, given before the command's name. */
function moved(command: CommandUnknownOpts, args: readonly string[], flag: string): string | undefined {
  if (command.commands.length === 0) return undefined
  const left = [...args]
  let target = command
  for (const word of args) {
    const child = childOf(target, word)
    if (child === undefined) continue
    left.splice(left.indexOf(word), 1)
    target = child
  }
  if (target === command || !hasOption(target, flag)) return undefined
  const line = [...wordsOf(target), ...left].map(shellWord).join(' ')
  return `options of a command are typed after it: ${line}`
}

function sameOption(command: CommandUnknownOpts, flag: string): string | undefined {
  const key = keyOf(flag.startsWith('--') ? flag : `-${flag}`)
  const same = optionsOf(command).find(({ long }) => long && keyOf(long) === key)
  return same === undefined ? undefined : `Did you mean ${same.long}?`
}

function adviceOn(command: CommandUnknownOpts, flag: string, value: string | undefined): string | undefined {
  const path = wordsOf(command).slice(1).join(' ')
  const keys = [...(value === undefined ? [] : [keyOf(`${flag} ${value}`)]), keyOf(flag)]
  for (const key of keys) {
    for (const row of optionWords) {
      if (row.on !== undefined && !phrases(row.on).includes(path)) continue
      if (!phrases(row.typed).some((one) => keyOf(one) === key)) continue
      const hint = hintOfRow(command, row)
      if (hint !== undefined) return hint
    }
  }
  return undefined
}

function hintOfRow(command: CommandUnknownOpts, { meant, hint }: OptionWords): string | undefined {
  if (meant === undefined) return hint
  const option = phrases(meant).find((one) => hasOption(command, one))
  if (option === undefined) return undefined
  return hint ?? `Did you mean ${option}?`
}

/** The commands that do have an option, if it or what it stands for is not one of this command. */
function elsewhere(command: CommandUnknownOpts, flag: string): string | undefined {
  // Short options mean something else in every program.
  const rows = optionWords.filter(
    (row) =>
      flag.startsWith('--') &&
      row.on === undefined &&
      phrases(row.typed).some((one) => keyOf(one) === keyOf(flag)),
  )
  const names = [flag, ...rows.flatMap((row) => phrases(row.meant))]
  for (const name of names) {
    const having = [...allCommands(rootOf(command))].filter((one) =>
      one.options.some(({ long, short }) => long === name || short === name),
    )
    if (having.length > 0) return `${name} is an option of ${having.map(pathOf).join(', ')}`
  }
  return undefined
}

function nearestOption(command: CommandUnknownOpts, flag: string): string | undefined {
  const names = optionsOf(command).flatMap(({ long }) => (long ? [long.slice(2)] : []))
  const name = nearest(flag.replace(/^-+/, '').toLowerCase(), names)
  return name === undefined ? undefined : `Did you mean --${name}?`
}

// Arguments and values

function explainArguments({ command, args, fields }: Problem): Explanation {
  const extra = args.slice(command.registeredArguments.length)
  const advice = extraArguments[wordsOf(command).slice(1).join(' ')]
  // That of login may be a key.
  const shown = command.name() === 'login' ? '' : `: ${extra.map(shellWord).join(' ')}`
  return {
    text: `unexpected argument${extra.length === 1 ? '' : 's'} for ${pathOf(command)}${shown}`,
    hint: moreFields(command, fields, extra) ?? advice ?? seeHelp(command),
  }
}

/** `--fields id email` */
function moreFields(
  command: CommandUnknownOpts,
  fields: unknown,
  extra: readonly string[],
): string | undefined {
  const known = optionsOf(command).find(({ long }) => long === '--fields')?.argChoices ?? []
  const isField = (word: string): boolean => known.some((one) => one.toLowerCase() === word.toLowerCase())
  if (!Array.isArray(fields) || !extra.every(isField)) return undefined
  return `separate fields with commas: --fields ${[...fields, ...extra].join(',')}`
}

function explainValue(command: CommandUnknownOpts, message: string): Explanation {
  const [, flag = '', value = ''] =
    /^(?:option '.*?(--[\w-]+).*?'|command-argument value) .*?'(.*)' is invalid/s.exec(message) ?? []
  const option = optionsOf(command).find(({ long }) => long === flag)
  const argument = command.registeredArguments.find((one) => one.argChoices !== undefined)
  const choices = option?.argChoices ?? (flag === '' ? argument?.argChoices : undefined) ?? []
  const words = valueWords[flag === '' ? (argument?.name() ?? '') : flag] ?? {}
  const typed = value.toLowerCase()
  const meant = choices.find((one) => phrases(words[one]).includes(typed)) ?? nearest(typed, choices)
  const text = message.replace(
    /^command-argument value ('.*') is invalid for argument '(.*?)'/s,
    "argument '$2' $1 is invalid",
  )
  if (meant !== undefined) return { text, hint: `Did you mean ${meant}?` }
  if (flag === '--limit' && /^(?:all|max|none|unlimited|inf|infinity|0|-1|\*)$/.test(typed)) {
    return {
      hint: hasOption(command, '--all') ? 'to list everything: --all' : 'leave out --limit for no limit',
    }
  }
  return { text, hint: seeHelp(command) }
}

/** The maximum edit distance of a suggestion. */
const mostWrong = 3

/**
 * The known word closest to a mistyped one; undefined if none is close. Words that differ too much in length are not
 * compared, so that a long text costs nothing.
 */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const [best] = known
    .filter((word) => Math.abs(word.length - typed.length) <= mostWrong)
    .map((word) => ({ word, distance: leven(typed, word) }))
    .filter(
      ({ word, distance }) =>
        distance <= mostWrong &&
        distance <= Math.max(typed.length, word.length) * (distance <= 2 ? 0.6 : 0.49),
    )
    .sort((a, b) => a.distance - b.distance)
  return best?.word
}
