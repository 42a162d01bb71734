/** What goes wrong with one request. */
export interface Fault {
  /** The answer is this status (any the API documents), or none at all: the connection is cut. */
  readonly how: number | 'drop'
  /** Whether the request was carried out all the same: that is what makes an answer ambiguous. */
  readonly takesEffect: boolean
}

/** What a fault may be chosen by. */
export interface FaultyRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly target: string
}

/** Decides, request by request, what goes wrong; undefined when nothing does. */
export type NextFault = (request: FaultyRequest) => Fault | undefined

/** Shares of all requests, 0 to 1, together not above 1. */
export interface FaultRates {
  /** Answered with 500, 502 or 503. */
  readonly failRate: number
  /** Cut without an answer. */
  readonly dropRate: number
}

const failures = [500, 502, 503] as const

/** Faults by chance, half of them after the request took effect. */
export function randomFaults({ failRate, dropRate }: FaultRates, random: () => number): NextFault {
  return () => {
    const chance = random()
    if (chance >= failRate + dropRate) return undefined
    const takesEffect = random() < 0.5
    if (chance < dropRate) return { how: 'drop', takesEffect }
    return { how: failures[Math.floor(random() * failures.length)] ?? 500, takesEffect }
  }
}
