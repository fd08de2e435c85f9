/**
 * A second matcher, to hold the first one against: it reads raw OSV records itself, compares every record with every
 * package without an index, follows the specification's evaluation of events word by word, and orders versions with
 * comparators of its own. Slow and short on purpose; it shares no code with what it checks.
 */

/** An OSV record as it is published, as far as it is read here. */
export interface RawRecord {
  readonly id: string
  readonly withdrawn?: string
  readonly aliases?: readonly string[]
  readonly upstream?: readonly string[]
  readonly affected?: readonly RawAffected[]
}

export interface RawAffected {
  readonly package: { readonly ecosystem: string; readonly name: string }
  readonly versions?: readonly string[]
  readonly ranges?: readonly { readonly type: string; readonly events: readonly Record<string, string>[] }[]
}

export interface NaivePackage {
  readonly sourceName: string
  readonly sourceVersion: string
}

/** Sorted lines: `CVE source sourceVersion fixedVersion advisory,advisory`; `-` where there is no fix. */
export function matchNaively(
  records: Iterable<RawRecord>,
  feed: string,
  packages: readonly NaivePackage[],
): string[] {
  const compare = feed.startsWith('Alpine') ? compareAlpine : compareDebian
  const found = new Map<string, { fixes: (string | null)[]; ids: Set<string> }>()
  for (const record of records) {
    if (record.withdrawn) continue
    for (const affected of record.affected ?? []) {
      if (affected.package.ecosystem !== feed) continue
      for (const one of packages) {
        if (one.sourceName !== affected.package.name) continue
        const fixes = fixesIfAffected(affected, one.sourceVersion, compare)
        if (fixes === null) continue
        const names = [record.id, ...(record.aliases ?? []), ...(record.upstream ?? [])]
        const cves = names.filter(name => name.startsWith('CVE-'))
        for (const id of cves.length === 0 ? [record.id] : cves) {
          const key = `${id} ${one.sourceName} ${one.sourceVersion}`
          const entry = found.get(key) ?? { fixes: [], ids: new Set() }
          found.set(key, entry)
          entry.fixes.push(...fixes)
          entry.ids.add(record.id)
        }
      }
    }
  }
  return [...found]
    .map(([key, { fixes, ids }]) => {
      let fixed = fixes[0] ?? null
      for (const fix of fixes) {
        if (fix === null || fixed === null) fixed = null
        else if (compare(fix, fixed) > 0) fixed = fix
      }
      return `${key} ${fixed ?? '-'} ${[...ids].sort().join(',')}`
    })
    .sort()
}

/** The fixes of the ranges that hold the version; null when it is not affected. */
function fixesIfAffected(
  affected: RawAffected,
  version: string,
  compare: (a: string, b: string) => number,
): (string | null)[] | null {
  const fixes: (string | null)[] = []
  const allFixes: string[] = []
  for (const range of affected.ranges ?? []) {
    if (range.type === 'GIT') continue
    const events = range.events.flatMap(event => Object.entries(event)).filter(([kind]) => kind !== 'limit')
    const order = ['fixed', 'introduced', 'last_affected']
    const sorted = [...events].sort((a, b) => {
      if (a[0] === 'introduced' && a[1] === '0') return b[0] === 'introduced' && b[1] === '0' ? 0 : -1
      if (b[0] === 'introduced' && b[1] === '0') return 1
      return compare(a[1], b[1]) || order.indexOf(a[0]) - order.indexOf(b[0])
    })
    let vulnerable = false
    let open = false
    let fix: string | null = null
    for (const [kind, bound] of sorted) {
      if (kind === 'introduced' && (bound === '0' || compare(version, bound) >= 0)) vulnerable = true
      if (kind === 'fixed' && compare(version, bound) >= 0) vulnerable = false
      if (kind === 'last_affected' && compare(version, bound) > 0) vulnerable = false
      // A fix of what was not open is none.
      if (kind === 'fixed' && open) allFixes.push(bound)
      open = kind === 'introduced'
    }
    if (!vulnerable) continue
    // The first event above the version that ends the range says how it ends.
    for (const [kind, bound] of sorted) {
      if (kind === 'last_affected' && compare(version, bound) <= 0) break
      if (kind === 'fixed' && compare(version, bound) < 0) {
        fix = bound
        break
      }
    }
    fixes.push(fix)
  }
  if (fixes.length > 0) return fixes
  if (!affected.versions?.includes(version)) return null
  const above = allFixes.filter(fix => compare(fix, version) > 0).sort(compare)
  return [above[0] ?? null]
}

/** deb-version(7), by cutting both versions into alternating texts and numbers. */
function compareDebian(a: string, b: string): number {
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
function compareAlpine(a: string, b: string): number {
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
