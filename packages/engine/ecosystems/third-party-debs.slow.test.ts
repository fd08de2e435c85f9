import { execFileSync, spawnSync } from 'node:child_process'
import type { Distro } from '@plimsoll/types'
import { expect, it } from 'vitest'
import { readStanzas } from '../formats/deb822.ts'
import { dpkg } from './dpkg.ts'

const debian: Distro = {
  id: 'debian',
  versionId: '12',
  idLike: [],
  prettyName: 'Debian GNU/Linux 12 (bookworm)',
}

it("takes nothing of Debian's archive for another's, but backports that a point release took in", () => {
  const files = packageLists()
  if (files.length === 0) {
    console.log("Debian's package lists are not here (apt-get update): the marks were not held against them.")
    return
  }
  const fields = new Set(['package', 'version', 'maintainer'])
  let count = 0
  const others: string[] = []
  for (const file of files) {
    const list = execFileSync('/usr/lib/apt/apt-helper', ['cat-file', file], {
      maxBuffer: 1e9,
      encoding: 'utf8',
    })
    for (const { fields: found } of readStanzas(list, fields)) {
      count += 1
      const name = found.get('package') ?? ''
      const version = found.get('version') ?? ''
      const vendor = found.get('maintainer') ?? ''
      const record = { name, version, sourceName: name, sourceVersion: version, arch: '', vendor }
      const builder = dpkg.thirdParty?.(record, debian) ?? null
      if (builder !== null && builder !== 'Debian backports')
        others.push(`${builder}: ${name} ${version} ${vendor}`)
    }
  }
  expect(others).toEqual([])
  expect(count).toBeGreaterThan(10_000)
})

/** apt's own copies of the lists of what Debian's archive holds. */
function packageLists(): string[] {
  const format = ['--format', '$(FILENAME)', 'Created-By: Packages', 'Origin: Debian']
  const { stdout, status } = spawnSync('apt-get', ['indextargets', ...format], { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n').filter(Boolean) : []
}
