import { join } from 'node:path'
import type { Distro, ExplainOutcome } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import { explain } from './explain.ts'
import { match } from './match.ts'
import { packagesIn, realFeed } from './testdata/real-feed.ts'
import { inventoryOf, release, today } from './testdata/records.ts'

/** Real package lists and real advisories: what is said of a vulnerability is what matching found, and why. */
describe('explaining in real package lists', () => {
  const advisories = shared('advisories')
  const fixtures = shared('fixtures')

  async function image(list: string, ecosystemId: 'deb' | 'apk' | 'rpm', folder: string, distro: Distro) {
    const { lookup, recordsOf } = await realFeed(advisories ?? '', folder)
    const inventory = inventoryOf(packagesIn(join(fixtures ?? '', list), ecosystemId), distro)
    const asking = (asked: string) => explain({ inventory, advisories: lookup, asked, today })
    return { asking, recordsOf, ...match(inventory, lookup, { today }) }
  }
  const bionicList = 'dpkg/claircore__texlive.status'
  const bionic = release('ubuntu', '18.04', 'Ubuntu 18.04.5 LTS')

  it.each<[asked: string, outcome: ExplainOutcome, sentence: RegExp]>([
    ['CVE-2020-1967', 'other-release', /^CVE-2020-1967 is not reported\. It is about Ubuntu /],
    ['CVE-2014-3505', 'outside-range', /openssl \S+ is not below \S+, so it is fixed\.$/],
    ['UBUNTU-CVE-2022-1271', 'folded', /^UBUNTU-CVE-2022-1271 is reported as CVE-2022-1271\. /],
    ['CVE-2023-5678', 'reported', /openssl \S+ is below \S+\+esm4, so it is affected\.$/],
    ['CVE-2018-11407', 'not-installed', /symfony is not installed\.$/],
    [
      'CVE-1999-9999',
      'unknown',
      /^No advisory at hand names CVE-1999-9999\. Free security updates of Ubuntu 18\.04 LTS ended on /,
    ],
  ])('of Ubuntu 18.04 %s is %s', async (asked, outcome, sentence) => {
    if (advisories === null || fixtures === null) return
    const answer = (await image(bionicList, 'deb', 'Ubuntu', bionic)).asking(asked)
    expect([answer.outcome, answer.sentence]).toEqual([outcome, expect.stringMatching(sentence)])
  })

  it.each([
    [bionicList, 'deb', 'Ubuntu', bionic],
    ['dpkg/rootfs-bookworm-minbase/var/lib/dpkg/status', 'deb', 'Debian', release('debian', '12')],
    ['apk/image-alpine-3.10/lib/apk/db/installed', 'apk', 'Alpine', release('alpine', '3.10.2')],
    ['rpmdb/amazonlinux2023-sqlite/rpmdb.sqlite', 'rpm', 'AlmaLinux', release('almalinux', '9.4')],
  ] as const)(
    '%s: reported is what was found, and nothing else is',
    async (list, ecosystemId, folder, distro) => {
      if (advisories === null || fixtures === null) return
      const { asking, findings, recordsOf, coverage } = await image(list, ecosystemId, folder, distro)
      const found = new Set(findings.map(({ vulnerabilityId }) => vulnerabilityId))
      const open = new Set(findings.filter(({ state }) => state === 'open').map(one => one.vulnerabilityId))
      const records = recordsOf(coverage.feeds[0]?.feed ?? '')
      expect(records.length).toBeGreaterThan(500)
      for (const { id } of records.filter((_, at) => at % 5 === 0)) {
        const { vulnerabilityId, outcome, steps, stepsTotal } = asking(id)
        const isReported = outcome === 'reported' || outcome === 'folded'
        // Of a notice about several, the answer is of one that was found, if any was.
        expect([id, isReported]).toEqual([id, open.has(vulnerabilityId ?? '')])
        if (outcome === 'undetermined') expect(found.has(vulnerabilityId ?? '')).toBe(true)
        expect(steps.length).toBe(Math.min(stepsTotal, 100))
        expect(steps[0]?.sentence).toMatch(/^\S.*\.$/)
      }
    },
  )
})
