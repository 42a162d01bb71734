import type { CommandFacts, OptionFacts, Reference } from './describe.ts'
import { ownMeanings } from './layout.ts'
import { type Block, topics } from './topics.ts'

/** The man page orafi(1), as roff. */
export function manual(reference: Reference): string {
  const { description, version, globalOptions, commands } = reference
  return [
    `.TH ORAFI 1 "" "orafi ${escaped(version)}" "Orafi manual"`,
    // No hyphenation, no justification.
    '.nh',
    '.ad l',
    '.SH NAME',
    `orafi \\- ${escaped(lowered(description))}`,
    '.SH SYNOPSIS',
    '.B orafi',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    ...paragraph(description),
    ...paragraph(
      'Data goes to standard output, everything else to standard error. Without a terminal, there are no prompts.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SH GLOBAL OPTIONS',
    ...paragraph('These work before and after every command.'),
    ...globalOptions.flatMap(optionItem),
    ...topics.flatMap(({ name, title, blocks }) => [
      `.SH ${name === 'exit-codes' ? 'EXIT STATUS' : escaped(title.toUpperCase())}`,
      ...blocks.flatMap(blockOf),
    ]),
    '.SH FILES',
    ...paragraph(
      'On Linux, unless ORAFI_CONFIG_DIR and ORAFI_STATE_DIR say otherwise; readable by you alone:',
    ),
    ...item('~/.config/orafi/config.json', 'keys and profiles'),
    ...item('~/.local/share/orafi/runs/', 'the journal, with the data of deleted customers'),
    ...item('~/.local/share/orafi/sandbox/', "the sandbox's customers"),
    '',
  ].join('\n')
}

function commandSection(command: CommandFacts): string[] {
  const { usage, description, options, json, notes, examples } = command
  const own = ownMeanings(command)
  return [
    `.SS ${escaped(usage)}`,
    ...paragraph(description),
    ...command.arguments.flatMap(({ name, description: text }) => item(name, text, '.I')),
    ...options.flatMap(optionItem),
    ...(json === undefined ? [] : paragraph(`With --json: ${json}`)),
    ...(notes?.split('\n\n') ?? []).flatMap(paragraph),
    ...(own.length === 0
      ? []
      : [...paragraph('Exit codes:'), ...own.flatMap(([exit, text]) => item(exit, text))]),
    ...(examples.length === 0 ? [] : [...paragraph('Examples:'), ...verbatim(examples)]),
  ]
}

function optionItem({ flags, description }: OptionFacts): string[] {
  return item(flags, description)
}

function blockOf(block: Block): string[] {
  if (typeof block === 'string') return paragraph(block)
  return 'commands' in block
    ? verbatim(block.commands)
    : block.items.flatMap(([term, text]) => item(term, text))
}

function paragraph(text: string): string[] {
  return ['.PP', escaped(text)]
}

function item(term: string, text: string, font = '.B'): string[] {
  return ['.TP', `${font} ${quoted(term)}`, escaped(text)]
}

function verbatim(lines: readonly string[]): string[] {
  return ['.PP', '.nf', '.RS 4', ...lines.map(escaped), '.RE', '.fi']
}

/** Quotes the argument of a macro. */
function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\(dq')}"`
}

/** Escapes text for roff: hyphens that can be copied, no control lines, ASCII only. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll(/[^\x20-\x7e\n]/gu, (character) => `\\[u${hexOf(character)}]`)
    .replaceAll(/^\./gm, '\\&.')
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

/** For the NAME section: no capital, no full stop. */
function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')
}
