/**
 * Control files of the Debian family (deb822(5)): stanzas of `Name: value` fields, set apart by blank lines, where a
 * line that starts with a space or a tab continues the field above it. Nothing here knows what the fields mean.
 */

/** One stanza. Field names are lower-cased: deb822 names are case-insensitive. */
export interface Stanza {
  /** Line number of its first line, counted from 1. */
  readonly line: number
  readonly fields: ReadonlyMap<string, string>
  /** What was wrong with it, in one phrase; null when every line could be read. */
  readonly problem: string | null
}

const space = 0x20
const tab = 0x09

/**
 * Reads stanzas one after the other. A line that is neither a field nor a continuation is noted in the stanza's
 * `problem` and skipped, so one damaged stanza costs nothing but itself.
 *
 * @param wanted lower-case names of the fields to keep: a status file is mostly descriptions and dependencies, and
 *   the text of fields nobody asked for is never copied.
 */
export function* readStanzas(text: string, wanted: ReadonlySet<string>): Generator<Stanza> {
  let fields = new Map<string, string>()
  let problem: string | null = null
  let firstLine = 0
  let field: string | null = null
  let lineNumber = 0

  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const line = text.slice(start, end)
    start = end + 1
    lineNumber += 1

    if (isBlank(line)) {
      if (firstLine > 0) yield { line: firstLine, fields, problem }
      fields = new Map()
      problem = null
      firstLine = 0
      field = null
      continue
    }
    if (firstLine === 0) firstLine = lineNumber

    const code = line.charCodeAt(0)
    if (code === space || code === tab) {
      if (field === null) problem ??= `line ${lineNumber} continues nothing`
      else if (wanted.has(field)) fields.set(field, `${fields.get(field)}\n${line.trim()}`)
      continue
    }
    const colon = line.indexOf(':')
    if (colon < 1) {
      problem ??= `line ${lineNumber} is not "Field: value"`
      continue
    }
    field = line.slice(0, colon).trimEnd().toLowerCase()
    if (!wanted.has(field)) continue
    // dpkg refuses a stanza that names a field twice; the first one is kept and the stanza is reported.
    if (fields.has(field)) problem ??= `line ${lineNumber} repeats the field "${line.slice(0, colon)}"`
    else fields.set(field, line.slice(colon + 1).trim())
  }
  if (firstLine > 0) yield { line: firstLine, fields, problem }
}

function isBlank(line: string): boolean {
  for (let index = 0; index < line.length; index += 1) {
    const code = line.charCodeAt(index)
    if (code !== space && code !== tab && code !== 0x0d) return false
  }
  return true
}
