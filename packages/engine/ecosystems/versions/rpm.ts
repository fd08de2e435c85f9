import { InvalidVersion } from '../ecosystem.ts'

interface RpmVersion {
  /** Digits; "0" where the version has none, or nothing before its colon. */
  readonly epoch: string
  readonly version: string
  /** Null where the version has none. */
  readonly release: string | null
}

/**
 * Takes `[epoch:]version[-release]` apart as rpm does (rpmverParse in rpmvs.c): an epoch is digits before the first
 * other character, which is a colon; the release begins behind the last dash.
 * @throws InvalidVersion
 */
export function parseRpmVersion(text: string): RpmVersion {
  if (text === '') throw new InvalidVersion(text, 'it is empty')
  const [prefix, epoch = ''] = /^([0-9]*):/.exec(text) ?? ['']
  const rest = text.slice(prefix.length)
  const dash = rest.lastIndexOf('-')
  return {
    epoch: epoch || '0',
    version: dash === -1 ? rest : rest.slice(0, dash),
    release: dash === -1 ? null : rest.slice(dash + 1),
  }
}

/** What rpmbuild lets into a version or release (build/parsePreamble.c); at least a letter or digit makes one. */
const wellFormed = /^(?:[0-9]+:)?[._+~^]*[A-Za-z0-9][A-Za-z0-9._+~^]*(?:-[A-Za-z0-9._+~^]+)?$/

/** Whether the text is an rpm version. rpm itself orders any text, also one that could never be built. */
export const isRpmVersion = (text: string): boolean => wellFormed.test(text)

/**
 * Order of two versions as rpm has it for packages (rpmverCmp): by epoch, where a missing one is 0, then version, then
 * release. A version without a release comes before all that have one. In dependencies rpm lets such a one stand for
 * every release; that is no order (1.0 would equal both 1.0-1 and 1.0-2), and in a range it comes to the same: whatever
 * has a release is not before `fixed: 1.0`, nor before `introduced: 1.0`.
 * @throws InvalidVersion
 */
export function compareRpmVersions(a: string, b: string): -1 | 0 | 1 {
  const left = parseRpmVersion(a)
  const right = parseRpmVersion(b)
  return (
    compareParts(left.epoch, right.epoch) ||
    compareParts(left.version, right.version) ||
    compareReleases(left.release, right.release)
  )
}

function compareReleases(a: string | null, b: string | null): -1 | 0 | 1 {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return compareParts(a, b)
}

const tilde = 0x7e
const caret = 0x5e

/**
 * Order of two versions, or two releases (rpmvercmp.c): runs of digits and of letters by turns, whatever stands between
 * them. A tilde sorts before the end, a caret behind the end and before everything else, a letter before a digit.
 */
function compareParts(a: string, b: string): -1 | 0 | 1 {
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    i = pastSeparators(a, i)
    j = pastSeparators(b, j)
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(j)
    if (left === tilde || right === tilde) {
      if (left !== right) return left === tilde ? -1 : 1
    } else if (left === caret || right === caret) {
      if (i >= a.length) return -1
      if (j >= b.length) return 1
      if (left !== right) return left === caret ? -1 : 1
    } else {
      if (i >= a.length || j >= b.length) break
      const isIn = isDigit(left) ? isDigit : isLetter
      if (!isIn(right)) return isIn === isDigit ? 1 : -1
      const leftEnd = runEnd(a, i, isIn)
      const rightEnd = runEnd(b, j, isIn)
      const order = compareRuns(a.slice(i, leftEnd), b.slice(j, rightEnd), isIn === isDigit)
      if (order !== 0) return order
      i = leftEnd
      j = rightEnd
      continue
    }
    i += 1
    j += 1
  }
  // Everything was equal so far; the one with something left is later.
  if (i >= a.length && j >= b.length) return 0
  return i >= a.length ? -1 : 1
}

/** Numbers may be longer than any number type: without leading zeros the longer one is larger. */
function compareRuns(a: string, b: string, areNumbers: boolean): -1 | 0 | 1 {
  if (areNumbers) {
    const left = a.replace(/^0+/, '')
    const right = b.replace(/^0+/, '')
    if (left.length !== right.length) return left.length < right.length ? -1 : 1
    return compareTexts(left, right)
  }
  return compareTexts(a, b)
}

const compareTexts = (a: string, b: string): -1 | 0 | 1 => (a === b ? 0 : a < b ? -1 : 1)

function pastSeparators(text: string, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isDigit(code) || isLetter(code) || code === tilde || code === caret) break
  }
  return at
}

function runEnd(text: string, from: number, isIn: (code: number) => boolean): number {
  let at = from
  while (at < text.length && isIn(text.charCodeAt(at))) at += 1
  return at
}

/** ASCII only, whatever the locale: to rpm every other byte is a separator. NaN, past the end, is neither. */
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isLetter = (code: number): boolean => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
