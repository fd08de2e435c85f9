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
  // The next one from `start` on, looked for once: a file without any would be searched to its end at every line.
  let colon = text.indexOf(':')

  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    const newline = text.indexOf('\n', start)
    end = newline === -1 ? text.length : newline
    lineNumber += 1

    const code = text.charCodeAt(start)
    const isIndented = end > start && (code === space || code === tab)
    // Below a field, dpkg takes a line of white space for an empty line of its value, and reads on.
    if (!(isIndented && field !== null) && isBlank(text, start, end)) {
      if (firstLine === 0) continue
      yield { line: firstLine, fields, problem }
      fields = new Map()
      problem = null
      firstLine = 0
      field = null
      continue
    }
    if (firstLine === 0) firstLine = lineNumber

    if (isIndented) {
      if (field === null) problem ??= `line ${lineNumber} continues nothing`
      else if (wanted.has(field)) append(fields, field, text.slice(start, end))
      continue
    }
    if (colon !== -1 && colon < start) colon = text.indexOf(':', start)
    if (colon <= start || colon > end) {
      problem ??= `line ${lineNumber} is not "Field: value"`
      continue
    }
    // A longer name is none that anybody asks for.
    const name = colon - start > maxNameLength ? '' : text.slice(start, colon).trimEnd()
    field = name.toLowerCase()
    if (!wanted.has(field)) continue
    // dpkg refuses a stanza that names a field twice; the first one is kept and the stanza is reported.
    if (fields.has(field)) problem ??= `line ${lineNumber} repeats the field "${name}"`
    else fields.set(field, text.slice(colon + 1, end).trim())
  }
  if (firstLine > 0) yield { line: firstLine, fields, problem }
}

const maxNameLength = 256
/** Continuation lines beyond that are passed over: lists of files are no fields that anybody asks for. */
const maxContinuedLength = 64 * 1024

function append(fields: Map<string, string>, field: string, line: string): void {
  const value = fields.get(field) ?? ''
  if (value.length < maxContinuedLength) fields.set(field, `${value}\n${line.trim()}`)
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index)
    if (code !== space && code !== tab && code !== 0x0d) return false
  }
  return true
}
