import type { Job, Watcher } from '../../src/world.ts'

/** The job control of a shell that a test plays. */
export function createJob() {
  const watchers = new Set<Watcher>()
  let isStopped = false
  const stop = async (): Promise<void> => {
    await Promise.all([...watchers].map((watcher) => watcher.stop()))
    isStopped = true
  }
  const job: Job = {
    stop: () => void stop(),
    watch(watcher) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
  return {
    job,
    /** `kill -TSTP` */
    stop,
    isStopped: () => isStopped,
    /** `fg` */
    resume(): void {
      isStopped = false
      for (const watcher of [...watchers]) watcher.resume()
    },
    resize(): void {
      for (const watcher of watchers) watcher.resize?.()
    },
    watchers: () => watchers.size,
  }
}
