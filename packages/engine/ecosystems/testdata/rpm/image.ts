import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { berkeleyFile } from '../../../formats/rpmdb/testdata/berkeley-writer.ts'
import { type HeaderFields, rpmHeader } from '../../../formats/rpmdb/testdata/header-writer.ts'
import { ndbFile } from '../../../formats/rpmdb/testdata/ndb-writer.ts'
import { sqliteFile } from '../../../formats/rpmdb/testdata/sqlite-writer.ts'

const redHat = { vendor: 'Red Hat, Inc.', arch: 'x86_64' }
const suse = { vendor: 'SUSE LLC <https://www.suse.com/>', arch: 'x86_64' }

/** Two kernels at once, packages with and without epoch of one source, a key, one without vendor, a long one. */
const inBerkeleyDb: readonly HeaderFields[] = [
  {
    ...redHat,
    name: 'kernel-core',
    version: '5.14.0',
    release: '362.8.1.el9_3',
    sourceRpm: 'kernel-5.14.0-362.8.1.el9_3.src.rpm',
    padding: 20_000,
  },
  {
    ...redHat,
    name: 'kernel-core',
    version: '5.14.0',
    release: '427.13.1.el9_4',
    sourceRpm: 'kernel-5.14.0-427.13.1.el9_4.src.rpm',
    padding: 5000,
  },
  {
    ...redHat,
    name: 'perl-Errno',
    epoch: 0,
    version: '1.30',
    release: '481.el9',
    sourceRpm: 'perl-5.32.1-481.el9.src.rpm',
  },
  {
    ...redHat,
    name: 'perl-libs',
    epoch: 4,
    version: '5.32.1',
    release: '481.el9',
    sourceRpm: 'perl-5.32.1-481.el9.src.rpm',
  },
  { name: 'gpg-pubkey', version: 'fd431d51', release: '4ae0493b' },
  { name: 'home-made', version: '1', release: '1', arch: 'noarch' },
]

/** A module's packages, one of which has a version of its own; and one that is not the distribution's. */
const inNdb: readonly HeaderFields[] = [
  {
    ...redHat,
    name: 'nodejs',
    epoch: 1,
    version: '12.22.5',
    release: '1.module+el8.4.0+12242+af52a4c7',
    sourceRpm: 'nodejs-12.22.5-1.module+el8.4.0+12242+af52a4c7.src.rpm',
    modularityLabel: 'nodejs:12:8040020210817133458:522a0ee4',
    padding: 3000,
  },
  {
    ...redHat,
    name: 'npm',
    epoch: 1,
    version: '6.14.14',
    release: '1.12.22.5.1.module+el8.4.0+12242+af52a4c7',
    sourceRpm: 'nodejs-12.22.5-1.module+el8.4.0+12242+af52a4c7.src.rpm',
    modularityLabel: 'nodejs:12:8040020210817133458:522a0ee4',
  },
  {
    name: 'docker-ce',
    epoch: 3,
    version: '24.0.7',
    release: '1.el8',
    arch: 'x86_64',
    vendor: 'Docker',
    sourceRpm: 'docker-ce-24.0.7-1.el8.src.rpm',
  },
]

const inSqlite: readonly HeaderFields[] = [
  {
    ...suse,
    name: 'libopenssl3',
    version: '3.1.4',
    release: '150600.5.15.1',
    sourceRpm: 'openssl-3-3.1.4-150600.5.15.1.src.rpm',
    padding: 9000,
  },
  { ...suse, name: 'bash', version: '4.4', release: '150400.25.22', sourceRpm: 'bash-4.4-150400.25.22.nosrc.rpm' },
]

const manifest = [
  ['glibc', '2.35-2.cm2', '1653816591', '1653628955', 'Microsoft Corporation', '(none)', '10855265', 'x86_64', '0', 'glibc-2.35-2.cm2.src.rpm'],
  ['shadow-utils', '4.9-12.cm2', '1653816591', '1653628955', 'Microsoft Corporation', '2', '1', 'x86_64', '2', 'shadow-utils-4.9-12.cm2.src.rpm'],
]

/** Writes a root file system with a database of each format, each in another of its places. */
export function makeRpmImage(folder: string): void {
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  write('var/lib/rpm/Packages', berkeleyFile(inBerkeleyDb.map(rpmHeader)))
  write('usr/lib/sysimage/rpm/Packages.db', ndbFile(inNdb.map(rpmHeader)))
  write('usr/share/rpm/rpmdb.sqlite', sqliteFile(inSqlite.map(rpmHeader)))
  write('var/lib/rpmmanifest/container-manifest-2', manifest.map(line => `${line.join('\t')}\n`).join(''))
}
