import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Advisory, advisoryIndex, type CveFacts, parseCveFacts, parseOsvRecord } from '@plimsoll/engine'
import { writeRecords, writeThreatLists } from '../../testdata/advisory-place.ts'
import { type Edition, type Folder, type PlacedRecord, standing } from './records.ts'
import { contentOf, type World } from './world.ts'

/** A folder laid out as OSV's bucket, and what of it was imported. */
export interface AdvisoryPlace {
  readonly path: string
  readonly records: Map<string, PlacedRecord>
  readonly lists: Required<Edition['lists']>
  readonly imported: Map<Folder, readonly Advisory[]>
  readonly importedFacts: Map<string, CveFacts>
  wasImported: boolean
}

export const newPlace = (path: string): AdvisoryPlace => ({
  path,
  records: new Map(standing.map(one => [one.json.id, one])),
  lists: { kev: [], epss: {}, facts: {} },
  imported: new Map(),
  importedFacts: new Map(),
  wasImported: false,
})

/** Writes what changed. */
export async function publish({ path, records, lists }: AdvisoryPlace, edition: Edition): Promise<void> {
  for (const { folder, id, json } of edition.records) {
    if (json === null) records.delete(id)
    else records.set(id, { folder, json })
  }
  const byFolder = Map.groupBy(records.values(), ({ folder }) => folder)
  for (const [folder, placed] of byFolder) {
    await writeRecords(
      path,
      folder,
      placed.map(({ json }) => json),
    )
  }
  const { kev, epss, facts } = edition.lists
  Object.assign(lists, edition.lists)
  const days = kev && Object.fromEntries(kev.map(cve => [cve, '2026-08-01']))
  await writeThreatLists(path, { ...(days && { kev: days }), ...(epss && { epss }) })
  if (facts === undefined) return
  await mkdir(join(path, 'cve'), { recursive: true })
  const lines = Object.entries(facts).map(([id, vector]) => `${JSON.stringify(factsOf(id, vector))}\n`)
  await writeFile(join(path, 'cve/cve-severity.ndjson.gz'), gzipSync(lines.join('')))
}

const factsOf = (id: string, vector: string): object => ({ id, cvssV3_1: vector })

/** Of all that the place has: the folders that some image needs, and those that are always needed. */
const needed = (world: World): Folder[] => {
  const isWolfi = [...world.read].some(digest => {
    const content = contentOf(world, digest)
    return content?.kind === 'image' && content.inventory.distro?.id === 'wolfi' && content.inventory.packages.length > 0
  })
  return isWolfi ? ['Debian', 'Alpine', 'Wolfi'] : ['Debian', 'Alpine']
}

/** Whether an image is of a release whose advisories were passed over. */
export const isLacking = (world: World, { imported, wasImported }: AdvisoryPlace): boolean =>
  wasImported && needed(world).some(folder => !imported.has(folder))

/** What is known from now on. */
export function importFrom(world: World, place: AdvisoryPlace): void {
  const { records, lists, imported, importedFacts } = place
  place.wasImported = true
  for (const folder of needed(world)) {
    const placed = [...records.values()].filter(one => one.folder === folder)
    imported.set(
      folder,
      placed.map(({ json }) => parseOsvRecord(json).advisory),
    )
  }
  const advisories = [...imported.values()].flat()
  const named = new Set(advisories.flatMap(({ id, aliases, upstream }) => [id.replace(/^[A-Z]+-CVE/, 'CVE'), ...aliases, ...upstream]))
  for (const [cve, vector] of Object.entries(lists.facts)) {
    const facts = parseCveFacts(factsOf(cve, vector))
    if (facts !== null && named.has(cve)) importedFacts.set(cve, facts)
  }
  const { exploited, odds } = world.advisories
  exploited.clear()
  for (const cve of lists.kev) exploited.add(cve)
  odds.clear()
  for (const [cve, chance] of Object.entries(lists.epss)) odds.set(cve, chance)
  world.advisories.lookup = advisoryIndex(advisories, importedFacts.values())
  world.advisories.edition += 1
}
