import ts from 'typescript'

/** One small change to one place of one file. */
export interface Mutant {
  readonly id: number
  /** `src/bulk/pool.ts`. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** The whole line it starts in, without indentation: shown to people, and identifies it when lines move. */
  readonly text: string
  /** The range in the file that is replaced. */
  readonly from: number
  readonly to: number
  /** The replacement; empty for a statement that is left out. */
  readonly change: string
  /** Distinguishes nodes with the same range, such as a statement and the call that it consists of. */
  readonly node: ts.SyntaxKind
  /** Outside of functions: evaluated once, when the file is imported, so every test may depend on it. */
  readonly isStatic: boolean
}

type Add = (node: ts.Node, change: string) => void

const { SyntaxKind } = ts

const otherOperator = new Map<ts.SyntaxKind, string>([
  [SyntaxKind.AmpersandAmpersandToken, '||'],
  [SyntaxKind.BarBarToken, '&&'],
  [SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [SyntaxKind.LessThanToken, '<='],
  [SyntaxKind.LessThanEqualsToken, '<'],
  [SyntaxKind.GreaterThanToken, '>='],
  [SyntaxKind.GreaterThanEqualsToken, '>'],
  [SyntaxKind.MinusToken, '+'],
  [SyntaxKind.AsteriskToken, '/'],
  [SyntaxKind.SlashToken, '*'],
])

const otherMethod = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
])

/** Every mutant of a file, numbered from `firstId`. */
export function listMutants(file: string, source: string, firstId: number): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true)
  const mutants: Mutant[] = []
  const lines = source.split('\n')
  const add: Add = (node, change) => {
    const from = node.getStart(tree)
    const { line } = tree.getLineAndCharacterOfPosition(from)
    const text = lines[line]?.trim() ?? ''
    mutants.push({
      id: firstId + mutants.length,
      file,
      line: line + 1,
      text,
      from,
      to: node.getEnd(),
      change,
      node: node.kind,
      isStatic: ts.findAncestor(node, ts.isFunctionLike) === undefined,
    })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    mutate(node, add)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return mutants
}

function mutate(node: ts.Node, add: Add): void {
  if (ts.isIfStatement(node)) {
    negate(node.expression, add)
    if (node.elseStatement === undefined) add(node.expression, 'false')
  } else if (ts.isWhileStatement(node)) negate(node.expression, add)
  else if (ts.isConditionalExpression(node)) negate(node.condition, add)
  else if (ts.isReturnStatement(node)) mutateReturn(node, add)
  else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) returnNothing(node.body, add)
  else if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) add(node, '')
  else if (ts.isAwaitExpression(node)) add(node, node.expression.getText())
  else if (ts.isBinaryExpression(node)) mutateBinary(node, add)
  else if (ts.isCallExpression(node)) mutateCall(node, add)
  else mutateLiteral(node, add)
}

function mutateReturn(node: ts.ReturnStatement, add: Add): void {
  if (node.expression === undefined) add(node, '')
  else returnNothing(node.expression, add)
}

function mutateLiteral(node: ts.Node, add: Add): void {
  if (node.kind === SyntaxKind.TrueKeyword) add(node, 'false')
  else if (node.kind === SyntaxKind.FalseKeyword) add(node, 'true')
  else if (ts.isStringLiteral(node) && isCompared(node)) add(node, "''")
  else if (ts.isNumericLiteral(node) && !isName(node)) {
    add(node, `${node.text} + 1`)
    add(node, `${node.text} - 1`)
  }
}

function mutateCall(node: ts.CallExpression, add: Add): void {
  if (!ts.isPropertyAccessExpression(node.expression)) return
  const { expression, name } = node.expression
  const other = otherMethod.get(name.text)
  if (other === undefined) return
  add(node, `${expression.getText()}.${other}(${node.arguments.map((one) => one.getText()).join(', ')})`)
}

function mutateBinary(node: ts.BinaryExpression, add: Add): void {
  const { left, right, operatorToken } = node
  if (operatorToken.kind === SyntaxKind.QuestionQuestionToken) add(node, left.getText())
  const plus = operatorToken.kind === SyntaxKind.PlusToken
  const isNumber = [left, right].every(
    (side) => !ts.isStringLiteralLike(side) && !ts.isTemplateExpression(side),
  )
  const other = plus && isNumber ? '-' : otherOperator.get(operatorToken.kind)
  // A condition that is only a comparison is already negated.
  const isNegated =
    ts.isIfStatement(node.parent) ||
    (ts.isConditionalExpression(node.parent) && node.parent.condition === node)
  if (other === undefined || (isNegated && /^[!=]==$/.test(other))) return
  add(node, `(${left.getText()}) ${other} (${right.getText()})`)
}

function negate(condition: ts.Expression, add: Add): void {
  add(condition, `!(${condition.getText()})`)
}

function returnNothing(value: ts.Expression | ts.ConciseBody, add: Add): void {
  if (value.getText() !== 'undefined') add(value, 'undefined')
}

function isName(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node
}

function isCompared(node: ts.StringLiteral): boolean {
  if (node.text === '') return false
  const { parent } = node
  if (ts.isCaseClause(parent)) return true
  return ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText())
}

/**
 * The file with these mutants in it, each inactive unless `globalThis.mutant` returns true for it. A constant that
 * contains mutants is passed to `globalThis.constant` as a function that evaluates it again.
 */
export function withMutants(source: string, mutants: readonly Mutant[]): string {
  const tree = ts.createSourceFile('x.ts', source, ts.ScriptTarget.ES2022, true)
  const render = (node: ts.Node): string => {
    const from = node.getStart(tree)
    let text = ''
    let at = from
    ts.forEachChild(node, (child) => {
      const start = child.getStart(tree)
      if (start < at) return
      text += source.slice(at, start) + render(child)
      at = child.getEnd()
    })
    text += source.slice(at, node.getEnd())
    const isOne = (one: Mutant): boolean =>
      one.from === from && one.to === node.getEnd() && one.node === node.kind
    const here = mutants.filter(isOne)
    const [first] = here
    if (ts.isStatement(node) && first !== undefined) return `{if(!globalThis.mutant?.(${first.id})){${text}}}`
    if (isConstant(node) && mutants.some((one) => one.isStatic && isWithin(one, node))) {
      const [{ name, initializer }] = node.declarationList.declarations
      return `${text.replace(/\bconst\b/, 'let')};globalThis.constant?.(() => { ${name.getText()} = ${render(initializer)} })`
    }
    // A line that begins with a parenthesis would go on from the line before.
    if (ts.isExpressionStatement(node) && isInBlock(node)) return `;${text}`
    return here.reduce((inner, { id, change }) => `(globalThis.mutant?.(${id})?(${change}):(${inner}))`, text)
  }
  return source.slice(0, tree.getStart()) + render(tree) + source.slice(tree.getEnd())
}

type Constant = ts.VariableStatement & {
  readonly declarationList: {
    readonly declarations: readonly [ts.VariableDeclaration & { readonly initializer: ts.Expression }]
  }
}

/** `const name = …` of a whole file. */
function isConstant(node: ts.Node): node is Constant {
  if (!ts.isVariableStatement(node) || !ts.isSourceFile(node.parent)) return false
  const [first, ...more] = node.declarationList.declarations
  return first?.initializer !== undefined && ts.isIdentifier(first.name) && more.length === 0
}

function isWithin({ from, to }: Mutant, node: ts.Node): boolean {
  return from >= node.getStart() && to <= node.getEnd()
}

function isInBlock({ parent }: ts.Node): boolean {
  return ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)
}

/** The file with this one mutant instead of what stood there. */
export function withMutant(source: string, { from, to, change }: Mutant): string {
  return `${source.slice(0, from)}${change === '' ? ';' : `(${change})`}${source.slice(to)}`
}
