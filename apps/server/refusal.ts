/** The caller's error: what was asked cannot be done, with a sentence for people and, where there is one, a hint. */
export class Refusal extends Error {
  readonly code:
    | 'bad-request'
    | 'unauthorized'
    | 'forbidden'
    | 'not-found'
    | 'conflict'
    | 'gone'
    // It is done when it is asked for once more, in spite of what is said.
    | 'unconfirmed'
  readonly hint: string | null

  constructor(code: Refusal['code'], message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Refusal'
    this.code = code
    this.hint = options.hint ?? null
  }
}
