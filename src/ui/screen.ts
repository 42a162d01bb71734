import { Writable } from 'node:stream'
import type { Sink } from '../world.ts'

/** A sink as the kind of stream that readline draws on. */
export interface Screen {
  readonly stream: Writable
  /** What is drawn from here on is not shown. */
  mute(muted: boolean): void
  /** Resolves when everything shown has been taken. Throws what the sink throws. */
  flush(): Promise<void>
}

/** @param output where it appears; its texts arrive one after the other */
export function createScreen(output: Sink): Screen {
  let muted = false
  let taken = Promise.resolve()
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      // Whether to show it is decided now, not when a slow terminal has taken what came before.
      if (!muted) {
        taken = taken.then(() => output.write(String(text)))
        // `flush` tells of it.
        taken.catch(() => undefined)
      }
      done()
    },
  })
  // readline asks the stream how wide it is.
  Object.defineProperty(stream, 'columns', { get: () => output.columns })
  return {
    stream,
    mute(on) {
      muted = on
    },
    flush: () => taken,
  }
}
