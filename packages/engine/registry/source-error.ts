import type { ScanErrorCode } from '@plimsoll/types'

/** The world's error while reading a source: data of a scan's outcome, not a crash. */
export class SourceError extends Error {
  readonly code: ScanErrorCode
  /** What to do about it, for people; null where there is nothing to say. */
  readonly hint: string | null
  /** What would help, where whoever asks knows better than the hint where it is given. */
  readonly remedy: Remedy | null

  constructor(
    code: ScanErrorCode,
    message: string,
    options: { hint?: string | null | undefined; remedy?: Remedy; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'SourceError'
    this.code = code
    this.hint = options.hint ?? null
    this.remedy = options.remedy ?? null
  }
}

/** Credentials where there are none, others in place of those that are refused, an authority's certificate. */
export type Remedy = 'credentials' | 'other-credentials' | 'certificate'

/** Where each of them is given, as a hint for people. */
export type Advice = Readonly<Record<Remedy, string>>

/** The error with the hint that holds where it is met. */
export function advised(error: unknown, advice: Advice | undefined): unknown {
  if (!(error instanceof SourceError) || error.remedy === null || advice === undefined) return error
  const { code, message, remedy, cause } = error
  return new SourceError(code, message, { hint: advice[remedy], remedy, cause })
}
