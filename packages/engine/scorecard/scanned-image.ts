import type { ImageReport } from '@plimsoll/types'
import type { AdvisoryLookup } from '../advisories/advisory.ts'
import { openSource, scan } from '../scan.ts'

/** Scans the one image that a reference names as anybody would: sandbox, layers and all. */
export async function scanned(reference: string, advisories: AdvisoryLookup): Promise<ImageReport> {
  const source = openSource(reference)
  const { signal } = new AbortController()
  const { images } = await source.resolve([], signal)
  const [image] = images
  if (image === undefined || images.length > 1) throw new Error(`${reference} is not one image`)
  const steps = scan({ source, image, advisories, today: '2026-01-01', signal })
  for (;;) {
    const step = await steps.next()
    if (step.done) return step.value
  }
}

/** Findings as lines `CVE binaryName version`, one for each package; what is undetermined says so. */
export const findingLines = ({ findings }: Pick<ImageReport, 'findings'>): string[] =>
  findings.flatMap(({ vulnerabilityId, packages, state }) =>
    packages.map(({ name, version }) => {
      const line = `${vulnerabilityId} ${name} ${version}`
      return state === 'open' ? line : `${line} (${state})`
    }),
  )
