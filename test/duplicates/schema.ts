/** The part of JSON Schema that docs/plan.schema.json uses. */
interface Schema {
  readonly [keyword: string]: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly additionalProperties?: Schema
}

const understood = new Set(
  '$schema $ref $defs title description default type required properties items const enum minLength minItems minimum maximum anyOf additionalProperties pattern format'.split(
    ' ',
  ),
)

/** The violations of a schema, each with its path. Throws for an unknown keyword, so that none is ignored. */
export function violations(value: unknown, schema: Schema, root: Schema = schema, path = ''): string[] {
  for (const keyword of Object.keys(schema)) {
    if (!understood.has(keyword)) throw new Error(`the keyword ${keyword} is not checked`)
  }
  if (typeof schema.$ref === 'string') {
    const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')]
    if (target === undefined) throw new Error(`there is no ${schema.$ref}`)
    return violations(value, target, root, path)
  }
  return [
    ...(schema.anyOf?.every((one) => violations(value, one, root, path).length > 0)
      ? [`${path}: none of the alternatives`]
      : []),
    ...(typeof value === 'number' ? ofNumber(value, schema, path) : []),
    ...(schema.type !== undefined && (schema.type === 'integer' ? 'number' : schema.type) !== typeName(value)
      ? [`${path}: no ${String(schema.type)}`]
      : []),
    ...('const' in schema && schema.const !== value ? [`${path}: not ${String(schema.const)}`] : []),
    ...(schema.enum?.includes(value) === false ? [`${path}: none of ${schema.enum.join(', ')}`] : []),
    ...(typeof value === 'string' ? ofText(value, schema, path) : []),
    ...(Array.isArray(value) ? ofArray(value, schema, root, path) : []),
    ...(typeName(value) === 'object' ? ofObject(value as Record<string, unknown>, schema, root, path) : []),
  ]
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

function ofNumber(value: number, { type, minimum, maximum }: Schema, path: string): string[] {
  const isWithin = value >= Number(minimum ?? value) && value <= Number(maximum ?? value)
  return isWithin && (type !== 'integer' || Number.isInteger(value)) ? [] : [`${path}: out of range`]
}

function ofText(value: string, { minLength = 0, pattern = '' }: Schema, path: string): string[] {
  if (value.length < Number(minLength)) return [`${path}: too short`]
  return new RegExp(String(pattern)).test(value) ? [] : [`${path}: not like ${String(pattern)}`]
}

function ofArray(value: unknown[], schema: Schema, root: Schema, path: string): string[] {
  if (value.length < Number(schema.minItems ?? 0)) return [`${path}: too few`]
  return value.flatMap((item, index) =>
    schema.items ? violations(item, schema.items, root, `${path}[${index}]`) : [],
  )
}

function ofObject(value: Record<string, unknown>, schema: Schema, root: Schema, path: string): string[] {
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name))
  const held = Object.entries(schema.properties ?? {}).filter(([name]) => Object.hasOwn(value, name))
  const others = Object.entries(value).filter(([name]) => !Object.hasOwn(schema.properties ?? {}, name))
  const { additionalProperties: rest } = schema
  return [
    ...(rest === undefined
      ? []
      : others.flatMap(([name, one]) => violations(one, rest, root, `${path}.${name}`))),
    ...missing.map((name) => `${path}.${name}: missing`),
    ...held.flatMap(([name, property]) => violations(value[name], property, root, `${path}.${name}`)),
  ]
}
