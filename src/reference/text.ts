import type { Block, Topic } from './topics.ts'

/** Words in lines of at most `width` characters; the lines after the first are indented by `indent` blanks. */
export function wrapped(text: string, width: number, indent = 0): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const room = width - indent
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}

/** A topic for a terminal of so many characters. */
export function topicText(topic: Topic, width: number): string {
  return `${topic.title}\n\n${topic.blocks.map((block) => blockText(block, width)).join('\n\n')}\n`
}

/** Terms up to this many characters stand beside their text, longer ones above it. */
const longestBeside = 18

function blockText(block: Block, width: number): string {
  if (typeof block === 'string') return wrapped(block, width)
  if ('commands' in block) return block.commands.map((line) => `  $ ${line}`).join('\n')
  const terms = block.items.map(([term]) => term.length).filter((length) => length <= longestBeside)
  const indent = Math.max(...terms) + 4
  return block.items
    .map(([term, text]) => {
      const beside =
        term.length <= longestBeside ? `  ${term.padEnd(indent - 2)}` : `  ${term}\n${' '.repeat(indent)}`
      return beside + wrapped(text, width, indent)
    })
    .join('\n')
}
