import { type Command, Option } from '@commander-js/extra-typings'
import { keepName } from '../config/business.ts'
import { baseUrlOf, defaultBaseUrl } from '../config/environment.ts'
import { readKey } from '../config/keys.ts'
import { type SignedIn, signIn } from '../config/sign-in.ts'
import type { Context, Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { openInput } from '../files/input.ts'
import { guide } from '../reference/guide.ts'
import { visible } from '../visible.ts'
import { acceptanceOf, businessText, rejectSandbox, shownMode, warnAboutEnvironmentKey } from './keys.ts'

interface Options {
  readonly withKey?: true | undefined
  readonly readOnly?: true | undefined
  readonly readWrite?: true | undefined
  readonly verify: boolean
}

/** `orafi login` */
export function define(command: Command, run: Run): void {
  command
    .description('Check an API key and store it on this machine. A profile holds one test and one live key.')
    .option('--with-key', 'read the key from standard input instead of asking for it')
    .addOption(new Option('--read-only', 'refuse every change made with this profile').conflicts('readWrite'))
    .option('--read-write', 'allow changes with a profile that is read-only')
    .option('--no-verify', 'store the key without checking it')
    .action(run(login))
  guide(command, {
    exits: [
      [4, 'the key was not accepted and is not stored'],
      [5, 'the key could not be checked and is not stored'],
      7,
    ],
    examples: [
      'orafi login',
      'orafi login --with-key < key.txt',
      'orafi login --profile second-shop --read-only',
    ],
  })
}

async function login(context: Context, options: Options): Promise<void> {
  rejectSandbox(context, 'login')
  const { world, mode } = context
  const baseUrl = baseUrlOf(world.env)
  const { config: folder } = await context.folders()
  const signedIn = await signIn({
    env: world.env,
    flags: { profile: context.options.profile, mode, readOnly: readOnlyOf(options) },
    baseUrl,
    folder,
    askKey: () => (options.withKey ? pipedKey(context) : typedKey(context)),
    verify: options.verify ? (key, url) => acceptanceOf(context.verify(key, url)) : undefined,
    world,
    beforeStoring: (path) => context.note(`The key is stored in ${visible(path)}, readable only by you.`),
  })
  const place = signedIn.baseUrl === defaultBaseUrl ? '' : ` for ${visible(signedIn.baseUrl)}`
  await rememberName(context, signedIn)
  for (const line of signInSummary(signedIn, place)) await context.note(line)
  await warnAboutEnvironmentKey(context)
}

/** Caches the business name, so that the first live confirmation does not need to request it. */
async function rememberName(context: Context, { business, keyHash }: SignedIn): Promise<void> {
  if (business === undefined) return
  const { state } = await context.folders()
  await keepName({ state, keyHash, now: context.world.now }, business.businessName)
}

function readOnlyOf({ readOnly, readWrite }: Options): boolean | undefined {
  if (readOnly) return true
  return readWrite ? false : undefined
}

async function pipedKey({ world, signal }: Context): Promise<string> {
  if (world.stdin.isTTY) {
    throw new CliError('usage', '--with-key reads a file or a pipe: typed here, the key would be shown', {
      hint: 'leave out --with-key to be asked, or: orafi login --with-key < file',
    })
  }
  return readKey((await openInput('-', world.stdin, signal)).bytes)
}

async function typedKey(context: Context): Promise<string> {
  if (!context.canAsk) {
    throw new CliError('usage', 'cannot prompt for the key here', {
      hint: 'orafi login --with-key < file',
    })
  }
  return (await context.prompts()).secret('Orafi API key (hidden):')
}

/** What a sign-in did, line by line, and how to use the new key if another one is still the default. */
function signInSummary(signedIn: SignedIn, place: string): string[] {
  const { profile, mode, masked, verified, business, readOnly, replaced, defaultKey } = signedIn
  const lines = [
    `Signed in to profile ${profile}, ${shownMode(mode)}, ${masked}${place}${readOnly ? ', read-only' : ''}.`,
  ]
  if (business !== undefined) lines.push(`Business: ${businessText(business)}.`)
  if (!verified) lines.push('The key was not checked.')
  if (replaced !== undefined) {
    lines.push(`It replaces ${replaced}.`)
    lines.push("To keep another merchant's key, use another profile: orafi login --profile NAME")
  }
  if (defaultKey.isThis) return lines
  const other = defaultKey.profile !== profile
  const flags = other ? `--profile ${profile} --${mode}` : `--${mode}`
  const use = other ? `orafi use ${mode} --profile ${profile}` : `orafi use ${mode}`
  const current = other ? `profile ${defaultKey.profile}` : `the ${defaultKey.mode} key`
  return [...lines, `The default is still ${current}. To use this one: ${flags}, or ${use}`]
}
