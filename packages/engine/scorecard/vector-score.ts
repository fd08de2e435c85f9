import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'

/** How many known comparisons of versions come out right. */
export interface VectorScore {
  readonly ecosystem: string
  readonly source: string
  readonly passed: number
  readonly vectors: number
  readonly failures: readonly string[]
}

interface Vector {
  readonly a: string
  readonly b: string
  readonly want: -1 | 0 | 1
}

/** The project's own vectors of an ecosystem. */
export const scoreOwnVectors = (ecosystem: Ecosystem): VectorScore => {
  const file = join(import.meta.dirname, '../ecosystems/testdata', ecosystem.id, 'versions.txt')
  return scoreVectors(ecosystem, "the project's own", readLines(file))
}

/** Which files below `versions` are of which ecosystem. */
const files: Readonly<Record<string, { source: string; files: readonly RegExp[] }[]>> = {
  deb: [
    { source: 'OSV', files: [/^osv\/debian-/] },
    { source: 'dpkg --compare-versions', files: [/^tool\/dpkg\.json$/] },
  ],
  apk: [{ source: 'OSV', files: [/^osv\/alpine-/] }],
  rpm: [
    { source: 'OSV', files: [/^osv\/redhat-/] },
    { source: 'rpm.vercmp', files: [/^tool\/rpm-evr\.json$/] },
  ],
}

/** The vectors of other projects and of the package managers that lie beside the project. */
export function scorePublishedVectors(versions: string, ecosystem: Ecosystem): VectorScore[] {
  if (!existsSync(versions)) return []
  const names = readdirSync(versions, { recursive: true, encoding: 'utf8' })
  return (files[ecosystem.id] ?? []).map(({ source, files: patterns }) => {
    const own = names.filter(name => patterns.some(pattern => pattern.test(name)))
    const vectors = own.flatMap(name => {
      const file = join(versions, name)
      return name.endsWith('.json') ? (JSON.parse(readFileSync(file, 'utf8')) as Vector[]) : readLines(file)
    })
    return scoreVectors(ecosystem, source, vectors)
  })
}

function scoreVectors(ecosystem: Ecosystem, source: string, vectors: readonly Vector[]): VectorScore {
  const failures = vectors.flatMap(({ a, b, want }) => {
    const got = ordered(ecosystem, a, b)
    return got === want ? [] : [`${a} against ${b}: ${got} instead of ${want}`]
  })
  return {
    ecosystem: ecosystem.title,
    source,
    vectors: vectors.length,
    passed: vectors.length - failures.length,
    failures: failures.slice(0, 20),
  }
}

function ordered(ecosystem: Ecosystem, a: string, b: string): string | number {
  try {
    return ecosystem.compare(a, b)
  } catch (error) {
    return String(error)
  }
}

const signs: Readonly<Record<string, Vector['want']>> = { '<': -1, '=': 0, '>': 1 }

/** `A < B` lines; `#` is a comment. */
const readLines = (file: string): Vector[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap(line => {
      const [, a, sign, b] = /^(\S+) ([<=>]) (\S+)$/.exec(line.trim()) ?? []
      const want = signs[sign ?? '']
      return a === undefined || b === undefined || want === undefined ? [] : [{ a, b, want }]
    })
