import { startDockerRegistry } from '../../packages/engine/registry/testdata/docker-registry.ts'
import { debianImage } from '../../packages/engine/testdata/debian-image.ts'
import { pushImage } from '../rig/push-image.ts'
import { row } from './figures.ts'
import { measured } from './measured.ts'

/**
 * `npm run bench`: what a scan costs, as ratios to a bare pass over the same bytes that is measured in the same run,
 * turn by turn, because machines are noisy. Prints goals beside figures and asserts none.
 */
const pairs = Number(process.env['PLIMSOLL_BENCH_PAIRS'] ?? 5)

const image = await debianImage()
const registry = await startDockerRegistry()
try {
  await pushImage(`${image.layout}:${image.tag}`, `${registry.host}/debian:${image.tag}`)
  const scan = () => measured('scan-once.ts', `${registry.host}/debian:${image.tag}`)
  const baseline = () => measured('inflate-once.ts', image.layout, image.tag)

  await baseline()
  await scan()
  const runs = []
  for (let pair = 0; pair < pairs; pair += 1) runs.push({ baseline: await baseline(), scan: await scan() })

  const compressedMb = runs[0]!.baseline.bytes / 1e6
  console.log(
    `\nDebian 12, ${compressedMb.toFixed(0)} MB of compressed layers, registry on loopback, ${pairs} pairs`,
  )
  console.table([
    row(
      'inflate + sha256',
      runs.map(pair => pair.baseline.ms / 1000),
      's',
      '',
    ),
    row(
      'scan',
      runs.map(pair => pair.scan.ms / 1000),
      's',
      '',
    ),
    row(
      'scan / (inflate + sha256)',
      runs.map(pair => pair.scan.ms / pair.baseline.ms),
      '',
      'at most 2',
    ),
    row(
      'peak memory, all processes',
      runs.map(pair => pair.scan.peakBytes / 1e6),
      'MB',
      'at most 400 MB',
    ),
  ])
} finally {
  await registry.stop()
}
