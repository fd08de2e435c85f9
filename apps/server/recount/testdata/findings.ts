import type { CloseReason, Match } from '@plimsoll/types'
import type { Finding, Image, World } from './world.ts'

/** What becomes of an image's findings when it is matched, a second time: docs/decisions/0006 has the words. */

const identityOf = (match: Match): string => `${match.vulnerabilityId} ${packageOf(match)}`

const packageOf = ({ ecosystem, feed, sourceName, sourceVersion }: Match): string =>
  [ecosystem, feed, sourceName, sourceVersion].join(' ')

export function close(finding: Finding, reason: CloseReason, at: string): void {
  Object.assign(finding, { state: 'closed', closedAt: at, closeReason: reason })
}

export function closeAll({ findings }: Image, reason: CloseReason, at: string): void {
  for (const finding of findings.values()) if (finding.state !== 'closed') close(finding, reason, at)
}

/** Its findings are these from now on. An image's packages never change, so that what goes was withdrawn. */
export function record(world: World, { findings }: Image, matches: readonly Match[], at: string): void {
  const wanted = new Map(matches.map(match => [identityOf(match), match]))
  // As they were before: one that goes on under another id is looked at for others still.
  const left = [...findings].filter(([identity]) => !wanted.has(identity)).map(([, finding]) => ({ ...finding, finding }))
  const taken = new Set<Finding>()
  for (const [identity, match] of wanted) {
    const own = findings.get(identity)
    const related = left.filter(old => isRelated(old.match, match)).toSorted(openFirst)
    const first = own === undefined ? related[0] : undefined
    const others = related.filter(old => old !== first && old.state !== 'closed' && !taken.has(old.finding))
    const goesOn = first !== undefined && !taken.has(first.finding) ? first : undefined
    const seen = [own, first, ...others].flatMap(old => old?.firstSeenAt ?? [])
    if (goesOn !== undefined) {
      taken.add(goesOn.finding)
      findings.delete(identityOf(goesOn.match))
    }
    for (const folded of others) {
      taken.add(folded.finding)
      close(folded.finding, 'folded', at)
    }
    const old = own ?? goesOn?.finding
    const firstSeenAt = seen.toSorted()[0] ?? at
    const facts = { match, state: match.state, firstSeenAt, closedAt: null, closeReason: null }
    findings.set(identity, old === undefined ? { number: (world.findings += 1), ...facts } : Object.assign(old, facts))
  }
  for (const { finding, state } of left) if (!taken.has(finding) && state !== 'closed') close(finding, 'withdrawn', at)
}

/** They are about one package, and the one goes by a name of the other. */
const isRelated = (old: Match, match: Match): boolean =>
  packageOf(old) === packageOf(match) && (names(match).includes(old.vulnerabilityId) || names(old).includes(match.vulnerabilityId))

const names = ({ aliases, advisoryIds }: Match): string[] => [...aliases, ...advisoryIds]

const openFirst = (a: Finding, b: Finding): number =>
  Number(a.state === 'closed') - Number(b.state === 'closed') ||
  (a.firstSeenAt < b.firstSeenAt ? -1 : a.firstSeenAt > b.firstSeenAt ? 1 : a.number - b.number)
