import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { type Mutant, withMutant } from './mutants.ts'

/** A function that says whether a mutant does not compile, so that `npm run check` would reject it. */
export function createTypeCheck(root: string): (mutant: Mutant) => boolean {
  const { config } = ts.readConfigFile(resolve(root, 'tsconfig.json'), ts.sys.readFile)
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ['src'] }, ts.sys, root)
  const changed = new Map<string, string>()
  let version = 0
  const read = (file: string): string | undefined => changed.get(file) ?? ts.sys.readFile(file)
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (file) => (changed.has(file) ? String(version) : 'as it is'),
    getScriptSnapshot: (file) => {
      const text = read(file)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  })
  return (mutant) => {
    const file = resolve(root, mutant.file)
    version += 1
    changed.set(file, withMutant(readFileSync(file, 'utf8'), mutant))
    const isRefused =
      service.getSyntacticDiagnostics(file).length > 0 || service.getSemanticDiagnostics(file).length > 0
    changed.delete(file)
    return isRefused
  }
}
