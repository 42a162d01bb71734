import { setFlagsFromString } from 'node:v8'

/**
 * Lets short runs on Node 20 exit sooner. undici's HTTP parser is WebAssembly;
 * V8 optimises it in the background after its first use, and Node 20 waits for
 * that at exit. With the larger budget, V8 does so only after some hundred
 * thousand answers. Call it before the first connection. It changes the whole
 * process, so `openClient` does not call it.
 * @param nodeVersion as `20.18.1`
 */
export function compileQuickly(nodeVersion: string): void {
  if (Number.parseInt(nodeVersion, 10) < 22) setFlagsFromString('--wasm-tiering-budget=1000000000')
}
