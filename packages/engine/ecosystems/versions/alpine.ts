/**
 * The order of Alpine package versions: `number{.number}{letter}{_suffix{number}}{~hash}{-r#}` (apk-package(5)).
 *
 * apk orders every string, not only those its grammar admits, and real data relies on it: `5.7.1p1` (digits after
 * the letter) is how Alpine spelt zabbix, sudo and openssh for years. The order is lexicographic over tokens, so it
 * is total; `isAlpineVersion` tells which strings are versions.
 */

/**
 * What apk does with a token depends on its kind first: of two versions that are equal so far, the one whose next
 * token has the lower kind is the newer one. So a version that goes on is newer than one that ends, and one that ends
 * is newer than one that goes on in a way apk cannot read.
 */
const kinds = {
  number: 0,
  letter: 1,
  suffix: 2,
  suffixNumber: 3,
  hash: 4,
  revision: 5,
  end: 6,
  /** A dot with no number after it. Reading goes on behind it. */
  gap: 7,
  unreadable: 8,
} as const
type Kind = (typeof kinds)[keyof typeof kinds]

interface Token {
  readonly kind: Kind
  readonly text: string
}

/** In order; the empty one stands for "no suffix", which parts what comes before a release from what comes after. */
const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p']
const noSuffix = suffixes.indexOf('')

/** Which kinds may follow a kind. Digits after a letter are apk 2's rule; apk 3 stops reading there. */
const token = {
  number: /\.?([0-9]+)/y,
  gap: /\.(?![0-9])/y,
  letter: /[a-z]/y,
  lettersNumber: /[0-9]+/y,
  suffix: /_(alpha|beta|pre|rc|cvs|svn|git|hg|p)(?![a-z])/y,
  suffixNumber: /[0-9]+/y,
  hash: /~([0-9a-f]+)/y,
  /** `-r` alone is revision 0. */
  revision: /-r(?![A-Za-z])([0-9]*)/y,
}

const end: Token = { kind: kinds.end, text: '' }

/** Tokens one at a time: most pairs of versions differ early. */
function* tokens(version: string): Generator<Token, Token> {
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(version)
    if (found === null) return null
    at = pattern.lastIndex
    return found[1] ?? found[0]
  }

  // The first number has no dot before it; a version without one is not valid and still has an order.
  const first = version.startsWith('.') ? null : take(token.number)
  yield first === null ? { kind: kinds.gap, text: '' } : { kind: kinds.number, text: first }

  for (let text: string | null; ; ) {
    if (version[at] === '.' && (text = take(token.number)) !== null)
      yield { kind: kinds.number, text: `.${text}` }
    else if (take(token.gap) !== null) yield { kind: kinds.gap, text: '' }
    else if ((text = take(token.letter)) !== null) {
      yield { kind: kinds.letter, text }
      if ((text = take(token.lettersNumber)) === null) break
      yield { kind: kinds.number, text }
    } else break
  }
  for (let text: string | null; (text = take(token.suffix)) !== null; ) {
    yield { kind: kinds.suffix, text }
    text = take(token.suffixNumber)
    if (text !== null) yield { kind: kinds.suffixNumber, text }
  }
  const hash = take(token.hash)
  if (hash !== null) yield { kind: kinds.hash, text: hash }
  const revision = take(token.revision)
  if (revision !== null) yield { kind: kinds.revision, text: revision }
  return at === version.length ? end : { kind: kinds.unreadable, text: '' }
}

/** Whether apk's grammar admits the version: it starts with a number and can be read to its end. */
export function isAlpineVersion(version: string): boolean {
  for (const reading = tokens(version); ; ) {
    const { value, done } = reading.next()
    if (value.kind === kinds.gap || value.kind === kinds.unreadable) return false
    if (done) return true
  }
}

/** Order of two versions as apk has it. Answers for any string; ask `isAlpineVersion` whether it means something. */
export function compareAlpineVersions(a: string, b: string): -1 | 0 | 1 {
  const left = tokens(a)
  const right = tokens(b)
  for (;;) {
    const { value: x, done } = left.next()
    const { value: y } = right.next()
    if (x.kind === y.kind) {
      const order = compareTokens(x, y)
      if (order !== 0) return order
      if (done) return 0
      continue
    }
    if (isPreRelease(x)) return -1
    if (isPreRelease(y)) return 1
    return x.kind > y.kind ? -1 : 1
  }
}

const isPreRelease = (one: Token): boolean =>
  one.kind === kinds.suffix && suffixes.indexOf(one.text) < noSuffix

function compareTokens(a: Token, b: Token): -1 | 0 | 1 {
  switch (a.kind) {
    case kinds.number:
      // Only behind a dot: a number with a leading zero is a decimal fraction and orders as text (1.015 < 1.02).
      if (a.text.startsWith('.0') || b.text.startsWith('.0')) return order(a.text, b.text)
      return compareNumbers(a.text, b.text)
    case kinds.suffixNumber:
    case kinds.revision:
      return compareNumbers(a.text, b.text)
    case kinds.suffix:
      return order(suffixes.indexOf(a.text), suffixes.indexOf(b.text))
    default:
      return order(a.text, b.text)
  }
}

/** Numbers may be longer than any number type: without leading zeros the longer one is larger. */
function compareNumbers(a: string, b: string): -1 | 0 | 1 {
  const left = a.replace(/^\.?0*/, '')
  const right = b.replace(/^\.?0*/, '')
  return order(left.length, right.length) || order(left, right)
}

const order = <T extends string | number>(a: T, b: T): -1 | 0 | 1 => (a < b ? -1 : a > b ? 1 : 0)
