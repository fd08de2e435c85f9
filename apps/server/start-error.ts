/** The server cannot start. The message is one line for the person who starts it, and says what to do. */
export class StartError extends Error {
  /** 2 for a mistake in flags or settings, 1 for the rest. */
  readonly exitCode: number = 1

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'StartError'
  }
}
