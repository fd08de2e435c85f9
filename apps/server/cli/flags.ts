/** What stands behind a command makes no sense; one line says why. */
export interface Wrong {
  readonly kind: 'wrong'
  readonly why: string
}

/** What Node's `parseArgs` reads, or what it says is wrong. */
export function readFlags<T extends object>(parse: () => T): T | Wrong {
  try {
    return parse()
  } catch (error) {
    // Node's message goes on with advice about `--`, which does not fit here.
    return { kind: 'wrong', why: (error as Error).message.split(/[.\n] ?/, 1)[0] ?? '' }
  }
}
