import { setFlagsFromString } from 'node:v8'

/**
 * Makes a short run end sooner. undici's HTTP parser is WebAssembly, which the
 * V8 of Node 20 would compile a second time, optimised, in the background,
 * after its first run, and Node waits for that at exit; newer ones do not. It
 * may do so after some hundred thousand answers. To be called before the first
 * connection; it holds for the whole process, which is why `openClient` does
 * not do it.
 * @param nodeVersion as `20.18.1`
 */
export function compileQuickly(nodeVersion: string): void {
  if (Number.parseInt(nodeVersion, 10) < 22) setFlagsFromString('--wasm-tiering-budget=1000000000')
}
