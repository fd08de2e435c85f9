import { ecosystems } from '../ecosystems/index.ts'
import { shared } from '../testdata/shared.ts'
import { type AdvisoryData, feedData } from './advisory-data.ts'
import { fixtureImages } from './fixture-images.ts'
import { goldenReleases } from './golden-facts.ts'
import { type FeedOf, type ReleaseScore, scoreDebian, scoreFixture, scoreGolden } from './release-score.ts'
import { scoreOwnVectors, scorePublishedVectors, type VectorScore } from './vector-score.ts'

export interface Measured {
  readonly releases: readonly ReleaseScore[]
  readonly vectors: readonly VectorScore[]
  /** The real advisories and published databases were at hand, so that the page would be whole. */
  readonly whole: boolean
}

/** Measures everything that the machine has the means for. @param onProgress called with what is next. */
export async function measure(onProgress: (title: string) => void = () => {}): Promise<Measured> {
  const advisories = shared('advisories')
  const fixtures = shared('fixtures')
  const feeds = new Map<string, Promise<AdvisoryData>>()
  const feedOf: FeedOf = async folder =>
    advisories === null ? null : feeds.getOrInsertComputed(folder, () => feedData(advisories, folder))

  const releases: ReleaseScore[] = []
  for (const release of goldenReleases) {
    onProgress(release)
    releases.push(await scoreGolden(release, feedOf))
  }
  onProgress('debian-12')
  releases.push(await scoreDebian(feedOf))
  for (const image of fixtures === null ? [] : fixtureImages) {
    onProgress(image.title)
    releases.push(await scoreFixture(fixtures ?? '', image, feedOf))
  }
  const vectors = ecosystems.flatMap(ecosystem => [
    scoreOwnVectors(ecosystem),
    ...(fixtures === null ? [] : scorePublishedVectors(`${fixtures}/versions`, ecosystem)),
  ])
  return { releases, vectors, whole: advisories !== null && fixtures !== null }
}
