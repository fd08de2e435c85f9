import type { Cvss } from '@plimsoll/types'
import cvss from 'ae-cvss-calculator'

type Version = Cvss['version']

/**
 * The base metrics of each version with their values, which a vector must all have: CVSS v2.0 section 2.1, v3.0 and
 * v3.1 table 15, v4.0 section 7. The library scores incomplete vectors and ones that name a metric twice.
 */
const baseMetrics: Readonly<Record<Version, Readonly<Record<string, string>>>> = {
  '2.0': { AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC' },
  '3.0': { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN' },
  '3.1': { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN' },
  '4.0': {
    AV: 'NALP',
    AC: 'LH',
    AT: 'NP',
    PR: 'NLH',
    UI: 'NPA',
    VC: 'HLN',
    VI: 'HLN',
    VA: 'HLN',
    SC: 'HLN',
    SI: 'HLN',
    SA: 'HLN',
  },
}

/** A vector's base score; feeds repeat the same few thousand vectors, and scoring one takes some 40 microseconds. */
const known = new Map<string, { version: Version; baseScore: number } | null>()
const maxKnown = 20_000

/** The longest vector, of version 4.0 with every metric there is, has some 260. */
const maxVectorChars = 500

/**
 * The vector with its base score, or null when it is not a CVSS vector of version 2.0, 3.0, 3.1 or 4.0 with all base
 * metrics. The vector itself is kept as it is written.
 *
 * @param source who gave the vector, e.g. "NVD".
 */
export function cvssOf(vector: string, source: string): Cvss | null {
  if (vector.length > maxVectorChars) return null
  let score = known.get(vector)
  if (score === undefined) {
    score = scoreOf(vector)
    if (known.size >= maxKnown) known.clear()
    known.set(vector, score)
  }
  return score === null ? null : { ...score, vector, source }
}

function scoreOf(vector: string): { version: Version; baseScore: number } | null {
  const [, named, rest = ''] = /^(?:CVSS:(3\.0|3\.1|4\.0)\/)?(.*)$/.exec(vector) ?? []
  const version = (named ?? '2.0') as Version
  const base = baseMetrics[version]
  const values = new Map<string, string>()
  // Some published vectors end in a slash, and NVD used to put version 2 vectors in brackets.
  for (const metric of rest
    .replace(/^\((.*)\)$/, '$1')
    .replace(/\/$/, '')
    .split('/')) {
    const [, name, value] = /^([A-Za-z]{1,4}):([A-Za-z]{1,4})$/.exec(metric) ?? []
    if (name === undefined || value === undefined || values.has(name)) return null
    values.set(name, value)
  }
  const baseVector = named === undefined ? [] : [`CVSS:${version}`]
  for (const [name, allowed] of Object.entries(base)) {
    const value = values.get(name)
    if (value?.length !== 1 || !allowed.includes(value)) return null
    baseVector.push(`${name}:${value}`)
  }
  const baseScore = score(version, baseVector.join('/'))
  return Number.isFinite(baseScore) && baseScore >= 0 && baseScore <= 10 ? { version, baseScore } : null
}

function score(version: Version, vector: string): number {
  switch (version) {
    case '2.0':
      return new cvss.Cvss2(vector).calculateScores().base ?? Number.NaN
    case '3.0':
      return new cvss.Cvss3P0(vector).calculateScores().base ?? Number.NaN
    case '3.1':
      return new cvss.Cvss3P1(vector).calculateScores().base ?? Number.NaN
    case '4.0':
      return new cvss.Cvss4P0(vector).calculateOverallScore()
  }
}
