import { beforeAll, describe, expect, it } from 'vitest'
import { type Measured, measure } from './measure.ts'
import { isWhole, scoreOf } from './score.ts'

describe('the scorecard', () => {
  let measured: Measured

  beforeAll(async () => {
    measured = await measure()
  }, 600_000)

  it('has golden images of eight releases of five distributions at least', () => {
    const titles = measured.releases.map(({ title }) => title)
    expect(new Set(titles).size).toBeGreaterThanOrEqual(8)
    if (!measured.whole) return
    expect(new Set(titles.map(title => title.split(' ')[0])).size).toBeGreaterThanOrEqual(5)
  })

  it('finds every package that the other reader finds, and no other', () => {
    expect(measured.releases.filter(({ packages }) => !isWhole(packages))).toEqual([])
    for (const { packages } of measured.releases) expect(packages.expected).toBeGreaterThan(0)
  })

  it('finds what the package manager finds, and nothing else', () => {
    const matched = measured.releases.filter(({ matches }) => matches !== null)
    expect(matched.filter(({ matches }) => matches !== null && !isWhole(matches))).toEqual([])
    for (const { matches } of matched) expect(matches?.expected).toBeGreaterThan(0)
  })

  it('says why where there is nothing to find', () => {
    const silent = measured.releases.filter(
      ({ matches, reasons }) => matches === null && reasons.length === 0,
    )
    expect(silent.map(({ title }) => title)).toEqual([])
  })

  it('orders every vector', () => {
    expect(measured.vectors.flatMap(({ failures }) => failures)).toEqual([])
    for (const { vectors } of measured.vectors) expect(vectors).toBeGreaterThan(50)
  })
})

it('a score tells what is missing from what is too much, and how often', () => {
  expect(scoreOf(['a', 'b', 'b', 'c'], ['b', 'c', 'd', 'd'])).toEqual({
    expected: 4,
    found: 2,
    extra: 2,
    differences: ['missing: a', 'missing: b', 'extra: d', 'extra: d'],
  })
})
