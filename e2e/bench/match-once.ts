import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Advisory, advisoryFolders, advisoryIndex, match, readOsvZip } from '@plimsoll/engine'

/**
 * Matches 1,000 packages of Debian 12 against the advisories of the place given, and beside it walks the same records:
 * once with the packages' names in a set, and once for every package as a matcher without an index would. The packages
 * are sources that the advisories name, each in a version that fixed something. Prints how long each took.
 */
type Inventory = Parameters<typeof match>[0]
type InstalledPackage = Inventory['packages'][number]

const packageCount = 1000
const feed = 'Debian:12'
const today = '2024-06-01'

const never = new AbortController().signal
const place = process.argv[2]!
const advisories: Advisory[] = []
for (const folder of advisoryFolders)
  for await (const record of readOsvZip(place, folder, never))
    if (record.kind === 'advisory') advisories.push(record.advisory)
const index = advisoryIndex(advisories)
// Groups are made when they are first asked for, once for all matching.
index.vulnerabilities(advisories[0]!)

const inventory = inventoryOf(packagesOf(advisories))
const entries = advisories.reduce((sum, { affected }) => sum + affected.length, 0)

const first = timed(() => match(inventory, index, { today }))
const again = timed(() => match(inventory, index, { today }))
const walk = timed(() => walkOnce(advisories, inventory.packages))
const linear = timed(() => walkForEach(advisories, inventory.packages))
const heapBytes = heapOf(() => match(inventory, index, { today }))

const { findings } = first.value
if (findings.length === 0) throw new Error('nothing was matched')
if (linear.value < findings.length / 10) throw new Error('the walk found nothing')
console.log(
  JSON.stringify({
    ms: first.ms,
    againMs: again.ms,
    walkMs: walk.ms,
    linearMs: linear.ms,
    heapBytes,
    packages: inventory.packages.length,
    records: advisories.length,
    entries,
    findings: findings.length,
  }),
)

function timed<T>(work: () => T): { ms: number; value: T } {
  const startedAt = performance.now()
  const value = work()
  return { ms: performance.now() - startedAt, value }
}

/** What the result of some work keeps of the heap. */
function heapOf(work: () => unknown): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = process.memoryUsage().heapUsed
  const kept = work()
  collect()
  const after = process.memoryUsage().heapUsed
  return kept === null ? 0 : after - before
}

/** Sources in a version that fixed something in them, those of Debian 12 first, then those of other releases. */
function packagesOf(records: readonly Advisory[]): InstalledPackage[] {
  const packages = new Map<string, InstalledPackage>()
  for (const isWanted of [(name: string) => name === feed, (name: string) => name.startsWith('Debian:')]) {
    for (const { affected } of records) {
      for (const one of affected) {
        const version = one.intervals[0]?.fixed ?? null
        if (!isWanted(one.feed) || version === null) continue
        if (!packages.has(one.name)) packages.set(one.name, installed(one.name, version))
        if (packages.size === packageCount) return [...packages.values()]
      }
    }
  }
  throw new Error(`the advisories name fewer than ${packageCount} of Debian's packages`)
}

function installed(name: string, version: string): InstalledPackage {
  return {
    ecosystem: 'deb',
    name,
    version,
    sourceName: name,
    sourceVersion: version,
    arch: 'amd64',
    module: null,
    vendor: '',
    path: 'var/lib/dpkg/status',
    layer: null,
  }
}

function inventoryOf(packages: InstalledPackage[]): Inventory {
  return {
    distro: {
      id: 'debian',
      versionId: '12',
      idLike: [],
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
    },
    packages,
    coverage: {
      status: 'complete',
      reasons: [],
      packages: { deb: packages.length },
      databases: [],
      release: null,
      feeds: [],
    },
  }
}

/** One pass over all records, which finds those that name a package and compares nothing. */
function walkOnce(records: readonly Advisory[], packages: readonly InstalledPackage[]): number {
  const names = new Set(packages.map(({ sourceName }) => sourceName))
  let named = 0
  for (const { affected } of records) {
    for (const one of affected) if (one.feed === feed && names.has(one.name)) named += 1
  }
  return named
}

/** A pass over all records for every package, which compares nothing either. */
function walkForEach(records: readonly Advisory[], packages: readonly InstalledPackage[]): number {
  let named = 0
  for (const { sourceName } of packages) {
    for (const { affected } of records) {
      for (const one of affected) if (one.feed === feed && one.name === sourceName) named += 1
    }
  }
  return named
}
