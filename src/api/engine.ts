import { setFlagsFromString } from 'node:v8'

/**
 * Makes a short run end sooner. undici's HTTP parser is WebAssembly, which V8
 * would compile a second time, optimised, in the background, and Node waits
 * for that at exit. To be called before the first connection; it holds for the
 * whole process, which is why `openClient` does not do it.
 */
export function compileQuickly(): void {
  setFlagsFromString('--liftoff-only')
}
