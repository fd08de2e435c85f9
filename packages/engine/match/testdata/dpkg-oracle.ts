import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** What an OSV record of Debian says, as far as the oracle reads it. */
interface DebianRecord {
  readonly id: string
  readonly withdrawn?: string
  readonly aliases?: readonly string[]
  readonly upstream?: readonly string[]
  readonly affected: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string }
    readonly versions?: readonly string[]
    readonly ranges?: readonly { readonly type: string; readonly events: readonly Record<string, string>[] }[]
  }[]
}

/**
 * The findings that dpkg itself would report: every record of the release against every installed source package,
 * each bound compared by `dpkg --compare-versions`. Deliberately without our readers, index or version order.
 * @returns sorted lines `CVE source sourceVersion fixed` (fixed is `-` where there is none).
 */
export async function findingsByDpkg(
  release: string,
  records: Iterable<unknown>,
  installed: readonly { readonly sourceName: string; readonly sourceVersion: string }[],
): Promise<string[]> {
  const versions = new Map<string, Set<string>>()
  for (const { sourceName, sourceVersion } of installed) {
    versions.set(sourceName, (versions.get(sourceName) ?? new Set()).add(sourceVersion))
  }
  const candidates: { line: string; installed: string; fixed: string }[] = []
  const found = new Set<string>()
  for (const record of records as Iterable<DebianRecord>) {
    if (record.withdrawn !== undefined) continue
    const cves = [record.id, ...(record.aliases ?? []), ...(record.upstream ?? [])].filter(id => id.startsWith('CVE-'))
    const ids = cves.length > 0 ? cves : [record.id]
    for (const { package: named, ranges = [], versions: listed = [] } of record.affected) {
      if (named.ecosystem !== release || listed.length > 0) continue
      for (const sourceVersion of versions.get(named.name) ?? []) {
        for (const { type, events } of ranges) {
          const keys = events.map(event => Object.keys(event).join()).join(' ')
          if (type !== 'ECOSYSTEM' || events[0]?.['introduced'] !== '0') {
            throw new Error(`${record.id}: the oracle knows ranges from 0 only, not ${type} ${keys}`)
          }
          if (keys !== 'introduced' && keys !== 'introduced fixed') throw new Error(`${record.id}: unknown events ${keys}`)
          const fixed = events[1]?.['fixed']
          for (const id of ids) {
            const line = `${id} ${named.name} ${sourceVersion} ${fixed ?? '-'}`
            if (fixed === undefined) found.add(line)
            else candidates.push({ line, installed: sourceVersion, fixed })
          }
        }
      }
    }
  }
  const earlier = await earlierByDpkg(candidates)
  candidates.forEach(({ line }, index) => {
    if (earlier[index]) found.add(line)
  })
  return [...found].sort()
}

/** For every pair, whether dpkg holds `installed` to be earlier than `fixed`; one shell asks dpkg for them all. */
async function earlierByDpkg(pairs: readonly { installed: string; fixed: string }[]): Promise<boolean[]> {
  const loop = 'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo 1; else echo 0; fi; done'
  const shell = spawn('sh', ['-c', loop], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = text(shell.stdout)
  shell.stdin.end(pairs.map(({ installed, fixed }) => `${installed} ${fixed}\n`).join(''))
  const [code] = await once(shell, 'close')
  if (code !== 0) throw new Error(`asking dpkg ended with ${code}`)
  return (await answers).trimEnd().split('\n').map(answer => answer === '1')
}
