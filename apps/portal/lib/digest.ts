/** The first 12 hexadecimal digits of a content digest, enough to tell images apart by eye. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12)

/**
 * Shortens a long text in its middle, for its ends tell more than its middle: `usr/share/…/status`.
 * The result has at most `maxLength` characters.
 */
export function middleShortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const kept = maxLength - 1
  const head = Math.ceil(kept / 2)
  return `${text.slice(0, head)}…${text.slice(text.length - (kept - head))}`
}
