const version = '0.1.0'

/** What Plimsoll calls itself to registries. */
export const userAgent = `plimsoll/${version}`

/**
 * Whether a pull with this User-Agent was one of ours, of whatever version: a registry's notifications tell of
 * those too, and counted as pulls they would keep every image "recently pulled" for ever.
 */
export const isOwnUserAgent = (text: string): boolean => text.startsWith('plimsoll/')
