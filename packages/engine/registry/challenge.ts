/** One challenge of a WWW-Authenticate header. Scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

// RFC 9110: token (5.6.2), quoted-string (5.6.4), token68 (11.2). Sticky, and each linear in the header's length.
const separators = /[\s,]*/y
const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const equals = /[ \t]*=[ \t]*/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const token68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y

/**
 * Reads a WWW-Authenticate header (RFC 9110, 11.6.1): challenges and their parameters are both separated by commas,
 * and several headers arrive joined by commas too. What follows something unreadable is left out.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(header)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  for (;;) {
    take(separators)
    const name = take(token)?.[0].toLowerCase()
    if (name === undefined) return challenges
    const current = challenges.at(-1)
    if (current !== undefined && take(equals) !== null) {
      const value = take(quoted)?.[1]?.replace(/\\(.)/g, '$1') ?? take(token)?.[0]
      if (value === undefined) return challenges
      // The first of two equal names counts: a second one is somebody's attempt to be read in two ways.
      if (!current.parameters.has(name)) current.parameters.set(name, value)
      continue
    }
    challenges.push({ scheme: name, parameters: new Map() })
    const start = at
    take(separators)
    if (at > start && header.slice(start, at).includes(',')) continue
    // A lone token68, such as Negotiate carries, says nothing to us; a parameter looks alike but for its value.
    take(token68)
  }
}
