/**
 * Orders of versions for the naive matcher, written from the manuals and not from ours. Short, slow, and for the
 * versions of real packages only.
 */

/** deb-version(7), by cutting both versions into alternating texts and numbers. */
export function compareDebian(a: string, b: string): number {
  const parts = (version: string) => {
    const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version) ?? []
    const dash = rest.lastIndexOf('-')
    return [epoch, dash < 0 ? rest : rest.slice(0, dash), dash < 0 ? '0' : rest.slice(dash + 1)]
  }
  const left = parts(a)
  const right = parts(b)
  for (const [at, part] of left.entries()) {
    const order = compareDebianPart(part, right[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function compareDebianPart(a: string, b: string): number {
  const cut = (part: string) => [...part.matchAll(/([^0-9]*)([0-9]*)/g)]
  const left = cut(a)
  const right = cut(b)
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [, textA = '', numberA = ''] = left[at] ?? []
    const [, textB = '', numberB = ''] = right[at] ?? []
    // Every character as one that sorts rightly, closed by the end: ~ first, then the end, letters, the rest.
    const key = (text: string) =>
      [...text].map(c => (c === '~' ? '\x01' : /[A-Za-z]/.test(c) ? c : String.fromCharCode(c.charCodeAt(0) + 256))).join('') + '\x02'
    if (key(textA) !== key(textB)) return key(textA) < key(textB) ? -1 : 1
    const difference = BigInt(numberA || '0') - BigInt(numberB || '0')
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return 0
}

/** apk-package(5), by turning a version into a list of numbers and texts; for the versions of real packages only. */
export function compareAlpine(a: string, b: string): number {
  const left = alpineKey(a)
  const right = alpineKey(b)
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    // Past the end stands what "no further token" is worth.
    const [rankA, valueA] = left[at] ?? [0, 0n]
    const [rankB, valueB] = right[at] ?? [0, 0n]
    if (rankA !== rankB) return rankA < rankB ? -1 : 1
    if (typeof valueA === 'bigint' && typeof valueB === 'bigint' && valueA !== valueB) return valueA < valueB ? -1 : 1
    if (String(valueA) !== String(valueB)) {
      // Of two numbers behind a dot, one of which starts with a zero, the text counts.
      return String(valueA) < String(valueB) ? -1 : 1
    }
  }
  return 0
}

type AlpineToken = readonly [rank: number, value: bigint | string]

/** Ranks: a pre-release below the end (0), a release above it, then what is above that. */
function alpineKey(version: string): AlpineToken[] {
  const match = /^(\d+)((?:\.\d+)*)([a-z]?)(\d*)((?:_[a-z]+\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?$/.exec(version)
  if (match === null) throw new Error(`the naive matcher does not know the Alpine version ${version}`)
  const [, first = '0', more = '', letter = '', letterNumber = '', suffixes = '', release] = match
  const before = ['alpha', 'beta', 'pre', 'rc']
  const after = ['cvs', 'svn', 'git', 'hg', 'p']
  const numbers = more.split('.').slice(1).map((text): AlpineToken => [6, text.startsWith('0') ? text : BigInt(text)])
  const words = [...suffixes.matchAll(/_([a-z]+)(\d*)/g)].flatMap(([, word = '', number = '']): AlpineToken[] => {
    const early = before.indexOf(word)
    const token: AlpineToken = early >= 0 ? [-1, BigInt(early)] : [4, BigInt(after.indexOf(word))]
    return number === '' ? [token] : [token, [3, BigInt(number)]]
  })
  return [
    [6, BigInt(first)],
    ...numbers,
    ...(letter === '' ? [] : [[5, letter] as const]),
    ...(letterNumber === '' ? [] : [[6, BigInt(letterNumber)] as const]),
    ...words,
    ...(release === undefined ? [] : [[1, BigInt(release)] as const]),
  ]
}

/** rpm-version(7): epoch, version and release, each cut into runs of digits and of letters; `~` below, `^` above the end. */
export function compareRpm(a: string, b: string): number {
  const parts = (version: string) => {
    const [, epoch = '0', rest = ''] = /^(?:(\d*):)?(.*)$/.exec(version) ?? []
    const [text = '', release = ''] = rest.split(/-(?=[^-]*$)/)
    return [epoch || '0', text, release]
  }
  const left = parts(a)
  const right = parts(b)
  for (const [at, part] of left.entries()) {
    // A bound without a release is about the version alone.
    if (at === 2 && (part === '' || right[at] === '')) return 0
    const order = compareRpmPart(part, right[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function compareRpmPart(a: string, b: string): number {
  const cut = (part: string) => [...(part.match(/[0-9]+|[A-Za-z]+|~|\^/g) ?? []), '']
  const left = cut(a)
  const right = cut(b)
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const one = left[at] ?? ''
    const other = right[at] ?? ''
    if (one === other) continue
    const [rankOne, rankOther] = [rpmRank(one), rpmRank(other)]
    if (rankOne !== rankOther) return rankOne < rankOther ? -1 : 1
    if (/\d/.test(one)) {
      const difference = BigInt(one) - BigInt(other)
      if (difference === 0n) continue
      return difference < 0n ? -1 : 1
    }
    return one < other ? -1 : 1
  }
  return 0
}

/** What follows of two versions that were alike so far: `~` is below the end, then `^`, letters and digits above. */
const rpmRank = (token: string): number =>
  token === '~' ? 0 : token === '' ? 1 : token === '^' ? 2 : /[A-Za-z]/.test(token) ? 3 : 4
