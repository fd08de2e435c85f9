/** What the schema of disable rules allows in one list. */
export const maxEntries = 200
export const maxEntryLength = 500

/** Entries of a list as typed: separated by `;` or line breaks, trimmed, each once whatever its case. */
export function readEntries(text: string): string[] {
  const seen = new Map<string, string>()
  for (const part of text.split(/[;\r\n]+/)) {
    const entry = part.trim()
    const key = entry.toLowerCase()
    if (entry !== '' && !seen.has(key)) seen.set(key, entry)
  }
  return [...seen.values()]
}

/** What is wrong with a list of entries, in a sentence; null when nothing is. */
export function entriesProblem(entries: readonly string[]): string | null {
  if (entries.length > maxEntries)
    return `At most ${maxEntries} entries fit in one rule; there are ${entries.length}.`
  const tooLong = entries.find(entry => entry.length > maxEntryLength)
  return tooLong === undefined
    ? null
    : `"${tooLong.slice(0, 24)}…" is longer than ${maxEntryLength} characters.`
}

/**
 * A bound as typed: null when empty, a number above 0 and up to `most`, else a sentence saying what to give. Of a bound
 * up to 1, percents are read too: `5 %`.
 */
export function readBound(text: string, most: 1 | 10): { value: number | null; problem: string | null } {
  const typed = text.trim().replace(',', '.')
  if (typed === '') return { value: null, problem: null }
  const [, digits, sign] = /^(\d{1,3}(?:\.\d+)?)\s*(%?)$/.exec(typed) ?? []
  const value = sign === '%' ? Number(digits) / 100 : Number(digits)
  if (digits === undefined || (sign === '%' && most !== 1) || value <= 0 || value > most) {
    return { value: null, problem: problems[most] }
  }
  return { value, problem: null }
}

const problems = {
  10: 'Give a number above 0 and up to 10, for example 7 or 4.5.',
  1: 'Give a probability above 0 and up to 1, for example 0.01 or 1 %.',
} as const
