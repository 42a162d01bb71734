import { exitCodes } from '../errors.ts'
import type { ArgumentFacts, Reference } from './describe.ts'
import { environment } from './topics.ts'

/** The tables of the README, by the name of their markers. */
export function tables(reference: Reference): Record<string, string> {
  const leaves = reference.commands.filter(({ commands }) => commands.length === 0)
  return {
    commands: table(
      ['command', 'what it does', 'example'],
      leaves.map(({ words, summary, examples: [example = ''], ...command }) => [
        code([...words, ...command.arguments.map(shown)].join(' ')),
        summary,
        code(example),
      ]),
    ),
    options: table(
      ['option', 'what it does'],
      reference.globalOptions.map(({ flags, description }) => [code(flags), description]),
    ),
    'exit-codes': table(
      ['exit code', '`error.code`', 'meaning'],
      exitCodes.map(({ exit, code: name, meaning }) => [
        String(exit),
        name === undefined ? '' : code(name),
        meaning,
      ]),
    ),
    environment: table(
      ['variable', 'meaning'],
      environment.map(({ names, meaning }) => [names.map(code).join(', '), meaning]),
    ),
  }
}

/** `ID…`, `[FILE]` */
function shown({ name, required, variadic }: ArgumentFacts): string {
  const text = `${name.toUpperCase()}${variadic ? '…' : ''}`
  return required ? text : `[${text}]`
}

/** The help of every command, as one page. */
export function helpPage(reference: Reference, help: (words: readonly string[]) => string): string {
  const pages = [[], ...reference.commands.map(({ words }) => words)]
  return pages
    .map((words) => {
      const title = ['orafi', ...words].join(' ')
      return `## ${title}\n\n\`\`\`text\n${help(words).trimEnd()}\n\`\`\`\n`
    })
    .join('\n')
}

/** Replaces the text between `<!-- name -->` and `<!-- /name -->`, if the page has these markers. */
export function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [before, rest] = split(page, begin)
  const [, after] = split(rest ?? '', end)
  return after === undefined ? page : `${before}${begin}\n\n${text}\n\n${end}${after}`
}

function split(text: string, at: string): [string, string | undefined] {
  const place = text.indexOf(at)
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + at.length)]
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => '---'), ...rows.map((row) => row.map(escaped))]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Escapes bars, which end a cell even in code. */
function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|')
}

function code(text: string): string {
  return `\`${text}\``
}
