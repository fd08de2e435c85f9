import type { ScanErrorCode } from '@plimsoll/types'

/** The world's error while reading a source: data of a scan's outcome, not a crash. */
export class SourceError extends Error {
  readonly code: ScanErrorCode
  /** What to do about it, for people; null where there is nothing to say. */
  readonly hint: string | null

  constructor(
    code: ScanErrorCode,
    message: string,
    options: { hint?: string | null | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'SourceError'
    this.code = code
    this.hint = options.hint ?? null
  }
}
