import { InvalidVersion } from '../ecosystem.ts'

interface DebianVersion {
  readonly epoch: number
  readonly upstream: string
  readonly revision: string
}

/** dpkg keeps an epoch in a C int. */
const maxEpoch = 2 ** 31 - 1

const allowed = /^[A-Za-z0-9.+~:-]*$/

/**
 * Takes `[epoch:]upstream[-revision]` apart (deb-version(7)). Like `dpkg --compare-versions`, it lets an upstream
 * version start with a letter: policy forbids it, dpkg orders it all the same.
 * @throws InvalidVersion
 */
export function parseDebianVersion(version: string): DebianVersion {
  const text = version.trim()
  if (text === '') throw new InvalidVersion(version, 'it is empty')
  if (!allowed.test(text))
    throw new InvalidVersion(version, 'only letters, digits and . + ~ : - may stand in it')

  const colon = text.indexOf(':')
  let epoch = 0
  if (colon !== -1) {
    const digits = text.slice(0, colon)
    if (!/^[0-9]+$/.test(digits)) throw new InvalidVersion(version, 'the epoch before ":" is not a number')
    epoch = Number(digits)
    if (epoch > maxEpoch) throw new InvalidVersion(version, 'the epoch before ":" is too large')
  }
  const rest = text.slice(colon + 1)
  const dash = rest.lastIndexOf('-')
  const upstream = dash === -1 ? rest : rest.slice(0, dash)
  const revision = dash === -1 ? '' : rest.slice(dash + 1)
  if (upstream === '') throw new InvalidVersion(version, 'there is no upstream version')
  if (dash !== -1 && revision === '') throw new InvalidVersion(version, 'there is no revision after "-"')
  return { epoch, upstream, revision }
}

/** Whether dpkg takes the text for a version. */
export function isDebianVersion(version: string): boolean {
  try {
    parseDebianVersion(version)
    return true
  } catch {
    return false
  }
}

/**
 * Order of two Debian versions, as deb-version(7) defines it under "Sorting algorithm".
 * @throws InvalidVersion
 */
export function compareDebianVersions(a: string, b: string): -1 | 0 | 1 {
  const left = parseDebianVersion(a)
  const right = parseDebianVersion(b)
  if (left.epoch !== right.epoch) return left.epoch < right.epoch ? -1 : 1
  return compareParts(left.upstream, right.upstream) || compareParts(left.revision, right.revision)
}

/** Compares by turns the longest prefix without digits and the longest prefix of digits, until one differs. */
function compareParts(a: string, b: string): -1 | 0 | 1 {
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a.charCodeAt(i))) || (j < b.length && !isDigit(b.charCodeAt(j)))) {
      const left = weight(a, i)
      const right = weight(b, j)
      if (left !== right) return left < right ? -1 : 1
      i += 1
      j += 1
    }
    while (a.charCodeAt(i) === zero) i += 1
    while (b.charCodeAt(j) === zero) j += 1
    // Numbers may be longer than any number type: the longer one is larger, equally long ones order as text.
    let firstDifference = 0
    while (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      if (firstDifference === 0) firstDifference = a.charCodeAt(i) - b.charCodeAt(j)
      i += 1
      j += 1
    }
    if (isDigit(a.charCodeAt(i))) return 1
    if (isDigit(b.charCodeAt(j))) return -1
    if (firstDifference !== 0) return firstDifference < 0 ? -1 : 1
  }
  return 0
}

const zero = 0x30
const tilde = 0x7e

/** NaN, which `charCodeAt` gives past the end, is no digit. */
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** A tilde sorts before the end of the part, a letter before every other character. */
function weight(part: string, index: number): number {
  if (index >= part.length) return 0
  const code = part.charCodeAt(index)
  if (isDigit(code)) return 0
  if (code === tilde) return -1
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
  return isLetter ? code : code + 256
}
