import { expect } from 'vitest'
import { type Asked, keyOf, latest, nameOf } from './asked.ts'
import { findingCounts, recount, total } from './recount.ts'
import { isSecurity } from './seen.ts'
import { timeIn } from './world.ts'

export async function agreesOnRules({ api, world }: Asked): Promise<void> {
  const { images } = recount(world)
  const { rows: told } = await api.rules.list({ size: 200 })
  expect(told.map(({ id }) => id).toSorted()).toEqual(world.rules.map(({ id }) => id).toSorted())
  for (const { id, disables, lastMatchedAt, status, overriddenBy } of told) {
    const disabled = images
      .flatMap(({ findings }) => findings)
      .filter(one => one.state === 'disabled' && isSecurity(one) && one.rules.includes(id))
    expect([id, disables, lastMatchedAt]).toEqual([
      id,
      disabled.length,
      latest(disabled.map(({ finding }) => finding.firstSeenAt)),
    ])
    const there = images.filter(({ image }) => image.deletedAt === null)
    const isOverridden = there.some(({ rules }) => rules.overridden.includes(id))
    expect([id, overriddenBy.length > 0]).toEqual([id, isOverridden])
    const end = world.rules.find(one => one.id === id)?.rule.expiresAt ?? null
    const expected =
      end !== null && end <= timeIn(world)
        ? 'expired'
        : isOverridden && !there.some(({ rules }) => rules.holding.includes(id))
          ? 'overridden'
          : disabled.length === 0
            ? 'stale'
            : 'active'
    expect([id, status === 'expiring' ? 'active' : status]).toEqual([id, expected])
  }
}

/** Images that came to have open findings, as long as they have some and count. */
export async function agreesOnNotices({ api, world, scope, count }: Asked): Promise<void> {
  const expected = world.notices.flatMap(({ image, at }) => {
    const seen = count.counting.find(one => one.image === image)
    const findings = seen === undefined ? 0 : total(findingCounts([seen]).open)
    return seen === undefined || findings === 0 ? [] : [{ name: keyOf(seen), at, findings }]
  })
  const { rows, total: told } = await api.notices.list({ scope, after: 0 })
  const listed = rows.map(({ image, at, findings }) => ({ name: nameOf(image), at, findings }))
  const key = ({ name, at }: { name: string; at: string }): string => `${at} ${name}`
  expect(listed.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))).toEqual(
    expected.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
  )
  expect(told).toBe(expected.length)
}
