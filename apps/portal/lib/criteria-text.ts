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

/** A CVSS bound as typed: null when empty, a number above 0 and up to 10, else a sentence saying what to give. */
export function readCvssBound(text: string): { value: number | null; problem: string | null } {
  const typed = text.trim().replace(',', '.')
  if (typed === '') return { value: null, problem: null }
  const value = Number(typed)
  if (!/^\d{1,2}(\.\d+)?$/.test(typed) || value <= 0 || value > 10) {
    return { value: null, problem: 'Give a number above 0 and up to 10, for example 7 or 4.5.' }
  }
  return { value, problem: null }
}
