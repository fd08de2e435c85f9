import { expect, test } from 'vitest'
import { apkInstalled, dpkgStatus, parsePackageList } from './package-list.ts'

const list = `# a note
util-linux 2.38.1-5: bsdutils=1:2.38.1-5+b1 mount
adduser 3.134: adduser/all
bash 5.2.15-2: bash=5.2.15-2+b2
`

test('a list gives each binary package its version, architecture and source', () => {
  const packages = parsePackageList(list, 'amd64')
  expect(
    packages.map(p => `${p.name} ${p.version} ${p.arch} from ${p.sourceName} ${p.sourceVersion}`),
  ).toEqual([
    'bsdutils 1:2.38.1-5+b1 amd64 from util-linux 2.38.1-5',
    'mount 2.38.1-5 amd64 from util-linux 2.38.1-5',
    'adduser 3.134 all from adduser 3.134',
    'bash 5.2.15-2+b2 amd64 from bash 5.2.15-2',
  ])
})

test('a line that is none is named', () => {
  expect(() => parsePackageList('bash 5.2.15-2 bash', 'amd64')).toThrow(
    'Not a line of a package list: "bash 5.2.15-2 bash"',
  )
})

test('dpkg is told the source only where it differs', () => {
  expect(dpkgStatus(parsePackageList(list, 'amd64')).match(/^Source: .*$/gm)).toEqual([
    'Source: util-linux (2.38.1-5)',
    'Source: util-linux',
    'Source: bash (5.2.15-2)',
  ])
})

test('a paragraph of dpkg and one of apk', () => {
  const [adduser] = parsePackageList('adduser 3.134: adduser/all', 'amd64')
  const [musl] = parsePackageList('musl 1.2.5-r11: musl-utils', 'x86_64')
  expect(dpkgStatus(adduser ? [adduser] : [])).toBe(
    'Package: adduser\nStatus: install ok installed\nArchitecture: all\nVersion: 3.134\n',
  )
  expect(apkInstalled(musl ? [musl] : [])).toBe('P:musl-utils\nV:1.2.5-r11\nA:x86_64\no:musl\n\n')
})
