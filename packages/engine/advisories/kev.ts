import { readFile, stat } from 'node:fs/promises'
import type { Kev } from '@plimsoll/types'
import { isCve } from './aliases.ts'
import { type Fields, fieldsOf, listOf, textOf } from './json.ts'
import { UnreadableFeed } from './place.ts'
import {
  dayOf,
  rejections,
  type ThreatLimits,
  type ThreatList,
  threatLimits,
  withAnyFile,
} from './threat-list.ts'

/** CISA's catalogue, each CVE once. */
export interface KevList extends ThreatList {
  readonly entries: ReadonlyMap<string, Kev>
}

const name = 'known_exploited_vulnerabilities.json'

/**
 * CISA's catalogue of known exploited vulnerabilities (https://www.cisa.gov/known-exploited-vulnerabilities-catalog):
 * `kev/known_exploited_vulnerabilities.json` of a place, or the file itself where the place is CISA's own folder of
 * feeds. An entry without a CVE or without the day it was added is passed over.
 *
 * @param location a folder or an http(s) address.
 * @returns null when the place has no such file.
 * @throws UnreadableFeed when the place cannot be reached, or the file is no such catalogue.
 */
export async function readKev(
  location: string,
  signal: AbortSignal,
  limits: ThreatLimits = threatLimits,
): Promise<KevList | null> {
  const read = async function* (file: string) {
    if ((await stat(file)).size > limits.maxListBytes)
      throw new UnreadableFeed(`${name} is larger than ${limits.maxListBytes} bytes`)
    yield await readFile(file, 'utf8')
  }
  for await (const text of withAnyFile(location, [`kev/${name}`, name], signal, limits, read)) {
    return kevList(text)
  }
  return null
}

function kevList(text: string): KevList {
  const catalogue = catalogueOf(text)
  const left = rejections('entry', 'entries')
  const entries = new Map<string, Kev>()
  for (const value of listOf(catalogue.vulnerabilities)) {
    const entry = fieldsOf(value)
    const cve = textOf(entry?.cveID)
    const addedOn = dayOf(textOf(entry?.dateAdded))
    if (entry === null || cve === null || !isCve(cve)) left.add('no CVE is named')
    else if (addedOn === null) left.add('the day it was added is missing')
    else entries.set(cve, kevOf(entry, addedOn))
  }
  // A few years ago the catalogue gave its date with its version alone: 2022.03.15.
  const version = textOf(catalogue.catalogVersion)?.replaceAll('.', '-') ?? null
  const asOf = dayOf(textOf(catalogue.dateReleased)) ?? dayOf(version)
  return { asOf, entries, ...left.result() }
}

function catalogueOf(text: string): Fields {
  try {
    const catalogue = fieldsOf(JSON.parse(text.replace(/^\uFEFF/, '')))
    if (Array.isArray(catalogue?.vulnerabilities)) return catalogue
  } catch (error) {
    throw new UnreadableFeed(`${name} is not JSON: ${(error as Error).message}`, { cause: error })
  }
  throw new UnreadableFeed(`${name} has no list of vulnerabilities`)
}

const kevOf = (entry: Fields, addedOn: string): Kev => ({
  addedOn,
  dueOn: dayOf(textOf(entry.dueDate)),
  ransomware: textOf(entry.knownRansomwareCampaignUse)?.toLowerCase() === 'known',
  requiredAction: textOf(entry.requiredAction),
})
