import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireAptTool } from '../../../registry/testdata/apt-tool.ts'

/** Specifications of packages without files: one for each source rpm. */
const specifications = [
  `Name: perl
Epoch: 4
Version: 5.32.1
Release: 481.el9
Summary: made
License: none
Vendor: Red Hat, Inc.
%description
%package libs
Summary: inherits epoch, version and release
%description libs
%package -n perl-Errno
Epoch: 0
Version: 1.30
Summary: has its own
%description -n perl-Errno
%package doc
Summary: for every architecture
BuildArch: noarch
%description doc
%files
%files libs
%files -n perl-Errno
%files doc
`,
  ...['362.8.1.el9_3', '427.13.1.el9_4'].map(
    release => `Name: kernel
Version: 5.14.0
Release: ${release}
Summary: made
License: none
Vendor: AlmaLinux
%description
%package core
Summary: several of it are installed at once
%description core
%files core
`,
  ),
  `Name: nodejs
Epoch: 1
Version: 12.22.5
Release: 1.module+el8.4.0+12242+af52a4c7
Summary: made
License: none
ModularityLabel: nodejs:12:8040020210817133458:522a0ee4
%description
%package -n npm
Epoch: 2
Version: 6.14.14~rc1^git1
Release: 1.12.22.5.1
Summary: has its own
%description -n npm
%files
%files -n npm
`,
]

/** Builds the packages into a folder. @returns their files, sorted */
export function buildWithRpm(work: string): string[] {
  requireAptTool('rpmbuild', 'rpm')
  mkdirSync(work, { recursive: true })
  for (const [at, specification] of specifications.entries()) {
    const file = join(work, `${at}.spec`)
    writeFileSync(file, specification)
    const options = ['--quiet', '--target', 'x86_64', '--define', `_topdir ${work}`]
    execFileSync('rpmbuild', [...options, '-bb', file], { stdio: 'pipe' })
  }
  return readdirSync(join(work, 'RPMS'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.rpm'))
    .map(name => join(work, 'RPMS', name))
    .toSorted()
}

const force = ['--justdb', '--nodeps', '--noscripts', '--ignorearch', '--ignoreos', '--force', '--nosignature']

/** Lets rpm write packages into the database of a folder. */
export function installWithRpm(database: string, files: readonly string[]): void {
  execFileSync('rpm', ['--dbpath', database, '--install', ...force, ...files], { stdio: 'pipe' })
}

/** Lets rpm take packages out of the database of a folder. */
export function eraseWithRpm(database: string, ...packages: readonly string[]): void {
  const options = ['--justdb', '--nodeps', '--noscripts']
  execFileSync('rpm', ['--dbpath', database, '--erase', ...options, ...packages], { stdio: 'pipe' })
}

/** What rpm says is in the database of a folder: name, version, architecture, source rpm, module label, vendor. */
export function askRpm(database: string, backend: 'sqlite' | 'bdb_ro' = 'sqlite'): string[] {
  const line =
    '%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\t%{MODULARITYLABEL}\\t%{VENDOR}\\n'
  const query = ['--dbpath', database, '--define', `_db_backend ${backend}`, '--query', '--all', '--qf', line]
  return execFileSync('rpm', query, { encoding: 'utf8', stdio: 'pipe' }).trimEnd().split('\n').toSorted()
}
