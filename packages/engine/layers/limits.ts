import type { CoverageReason } from '@plimsoll/types'

/** How much of an image is read. Each limit that is hit ends in a reason of the coverage ledger, never in silence. All finite. */
export interface Limits {
  /** Inflated bytes of all layers of one image together. */
  readonly maxInflatedBytes: number
  /** Members of all layers' archives together. */
  readonly maxEntries: number
  readonly maxPackages: number
  /** One package database; a larger one is not read. */
  readonly maxFileBytes: number
  /** All package databases together. */
  readonly maxKeptBytes: number
  /**
   * What is read of package databases that layers above have replaced, to tell which layer brought a package: bytes,
   * with a charge for each package and each step of looking for them, so that the default costs some seconds. Beyond
   * it packages count as brought by the lowest layer above whose databases were read; no package is lost by that.
   */
  readonly maxHistoryBytes: number
  /** One path inside an archive; a member with a longer one is left out. */
  readonly maxPathBytes: number
  /** Wall time for one image, from the first byte to the inventory. */
  readonly timeoutMs: number
  /** JavaScript heap of the child process that reads the layers; buffers beside it are bounded with it. */
  readonly maxHeapMb: number
}

/** Larger than any image we know of, small enough that a hostile one costs minutes and megabytes. */
export const defaultLimits: Limits = {
  maxInflatedBytes: 64e9,
  maxEntries: 2_000_000,
  maxPackages: 250_000,
  maxFileBytes: 256e6,
  maxKeptBytes: 256e6,
  maxHistoryBytes: 1e9,
  maxPathBytes: 4096,
  timeoutMs: 40 * 60_000,
  maxHeapMb: 512,
}

/**
 * When a child that should have come to an end by itself at `timeoutMs` is killed: after as long again, but no more
 * than five seconds.
 */
export const killedAfterMs = ({ timeoutMs }: Limits): number => timeoutMs + Math.min(timeoutMs, 5_000)

/** Reading stops here; what was read until then is kept. */
export class LimitHit extends Error {
  readonly reason: CoverageReason

  constructor(code: CoverageReason['code'], message: string) {
    super(message)
    this.name = 'LimitHit'
    this.reason = { code, message }
  }
}

export const outOfTime = (limits: Limits): LimitHit =>
  new LimitHit(
    'limit-time',
    `Reading took longer than ${limitText(limits.timeoutMs)}; the rest was not read.`,
  )

/** "40 minutes", as the setting has it: what is left of them after the registry was asked is some seconds less. */
function limitText(ms: number): string {
  if (ms < 45_000) return `${ms / 1000} s`
  const minutes = Math.round(ms / 60_000)
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

/** Bytes for people: "64.0 GB", "256.0 MB", "12 bytes". */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}
