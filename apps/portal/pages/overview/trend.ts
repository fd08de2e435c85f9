import type { ScoreCause, ScorePoint, ScoreTrend } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { counted, points } from '../../lib/quantity.ts'

/** How the score went, as chart, table and sentence say it. */

/** Height of the chart in pixels, kept free while its code is on the way. */
export const trendHeight = 168

export const dayChoices = [30, 90] as const

/** How many days the URL asks for; anything else is 30. */
export const readDays = (params: URLSearchParams): number =>
  dayChoices.find(days => String(days) === params.get('days')) ?? 30

/** A day that is shown, with what may have changed its score. */
export interface TrendDay {
  readonly point: ScorePoint
  readonly causes: readonly ScoreCause[]
}

/** What happened on a day without a point stands with the next day that has one. */
export function trendDays({ points: all, causes }: ScoreTrend): TrendDay[] {
  return all.map((point, index) => {
    const after = all[index - 1]?.day ?? ''
    const its = causes.filter(cause => dayIn(cause) > after && dayIn(cause) <= point.day)
    return { point, causes: its }
  })
}

const dayIn = ({ at }: ScoreCause): string => at.slice(0, 'yyyy-mm-dd'.length)

/** What the chart shows, said in a sentence. */
export function trendSentence(all: readonly ScorePoint[]): string {
  const assessed = assessedPoints(all)
  const [first, last] = [assessed[0], assessed.at(-1)]
  if (first === undefined || last === undefined) return 'No registry has been assessed yet'
  if (assessed.length === 1) return `The score is ${counted(last.score.current, 'point')} on its first day`
  const days = counted(daysBetween(first.day, last.day), 'day')
  const [from, to] = [first.score.current, last.score.current]
  if (from !== to)
    return `The score ${to > from ? 'rose' : 'fell'} from ${points(from)} to ${points(to)} points in ${days}`
  return assessed.every(({ score }) => score.current === to)
    ? `The score has been ${points(to)} points for ${days}`
    : `The score is back at ${points(to)} points after ${days}`
}

/** Without the days on which nothing had been assessed. */
export const assessedPoints = (all: readonly ScorePoint[]): readonly ScorePoint[] =>
  all.filter(({ score }) => score.percentage !== null)

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / (24 * 60 * 60_000))

const sentences: Readonly<Record<ScoreCause['kind'], (name: string) => string>> = {
  'rule-created': name => `Disable rule “${name}” was created`,
  'rule-changed': name => `Disable rule “${name}” was changed`,
  'rule-expired': name => `Disable rule “${name}” expired`,
  'rule-deleted': name => `Disable rule “${name}” was deleted`,
  'plan-on': name => `The plan of ${name} was turned on`,
  'plan-off': name => `The plan of ${name} was turned off`,
  'registry-connected': name => `${name} was connected`,
  'registry-removed': name => `${name} was removed`,
  'registry-moved': name => `${name} was moved to another subscription`,
  'advisories-imported': name => `New advisories were imported: ${name}`,
}

export const causeSentence = ({ kind, name, by }: ScoreCause): string =>
  sentences[kind](name) + (by === null ? '' : ` by ${by}`)

/** Where what it is about can be seen; null when it is gone. */
export function causePath({ kind, id }: ScoreCause): string | null {
  if (kind === 'advisories-imported') return `${paths.settings}#advisories`
  if (id === null) return null
  if (kind.startsWith('rule-')) return paths.rule(id)
  return kind.startsWith('plan-') ? paths.subscription(id) : paths.registry(id)
}
