import type { Distro } from '@plimsoll/types'

/** What is particular to one distribution of rpm packages, or to several that are alike in it. */
interface RpmDistribution {
  /** As os-release(5) has them in ID, in lower case. */
  readonly ids: readonly string[]
  readonly category: string
  /** What the Vendor tag of the distribution's own packages begins with; null where its packages are not judged. */
  readonly vendor: RegExp | null
  /** OSV's names for the advisories of a release; none where OSV has none. */
  readonly feeds: (distro: Distro) => readonly string[]
}

/**
 * Red Hat's repositories are feeds of their own, and an advisory names those it was published in; the list is Red Hat's,
 * of the CPEs of each release. Its channels of longer support (EUS, AUS, TUS, E4S) are other products, with fixed
 * versions of their own, and are not looked into.
 */
const repositoriesUntil7 = ['server', 'client', 'computenode', 'workstation']
const repositories = [
  'baseos',
  'appstream',
  'crb',
  'highavailability',
  'nfv',
  'realtime',
  'resilientstorage',
  'sap',
  'sap_hana',
  'supplementary',
]

/** Each major release of Red Hat Enterprise Linux has minor ones from 0 to 10. */
const lastMinor = 10

/**
 * From 10 on the product has a minor release in place of repositories, the one in which the fix came out. An image of
 * 10.0 lacks what was fixed in 10.1, and may hold packages that nobody brought to 10.0.
 */
function redHatFeeds({ versionId }: Distro): readonly string[] {
  const [, major = '', minor = '0'] = /^(\d+)(?:\.(\d+))?$/.exec(versionId) ?? []
  if (major === '') return []
  const product = `Red Hat:enterprise_linux:${major}`
  if (Number(major) < 10) {
    return (Number(major) <= 7 ? repositoriesUntil7 : repositories).map(one => `${product}::${one}`)
  }
  const others = Array.from({ length: lastMinor + 1 }, (_, at) => `${at}`).filter(one => one !== minor)
  return [minor, ...others].map(one => `${product}.${one}`)
}

/**
 * SUSE's feeds are products by their marketing names, and what is installed of SLE 15 is from its modules: an advisory
 * names those. Some modules have changed their name from one service pack to the next.
 */
const suseModules = [
  'Basesystem',
  'Certifications',
  'Containers',
  'Desktop Applications',
  'Development Tools',
  'HPC',
  'Legacy',
  'Legacy Software',
  'Live Patching',
  'Open Buildservice Development Tools',
  'Package Hub',
  'Packagehub Subpackages',
  'Public Cloud',
  'Python 2',
  'Python2',
  'Python 3',
  'SAP Applications',
  'Server Applications',
  'Transactional Server',
  'Web and Scripting',
]

/** Those of SLE 12, which belong to no service pack. */
const suse12Modules = [
  'Advanced Systems Management',
  'Certifications',
  'Containers',
  'High Performance Computing',
  'HPC',
  'Legacy',
  'Legacy Software',
  'Public Cloud',
  'Toolchain',
  'Web and Scripting',
]

const suseProducts: Readonly<Record<string, string>> = {
  sles: 'Linux Enterprise Server',
  sled: 'Linux Enterprise Desktop',
  sles_sap: 'Linux Enterprise Server for SAP Applications',
  sle_hpc: 'Linux Enterprise High Performance Computing',
  sle_rt: 'Linux Enterprise Real Time',
  'sle-micro': 'Linux Enterprise Micro',
  'sl-micro': 'Linux Micro',
}

/** `15.5` in os-release is "15 SP5" in a product's name; Micro and what came after 15 keep the dot. */
function suseFeeds({ id, versionId }: Distro): readonly string[] {
  const [, release, pack = '0'] = /^(\d+)(?:\.(\d+))?$/.exec(versionId) ?? []
  const product = suseProducts[id]
  if (release === undefined || product === undefined) return []
  if (product.endsWith('Micro') || Number(release) > 15) return [`SUSE:${product} ${release}.${pack}`]
  const name = pack === '0' ? release : `${release} SP${pack}`
  const extensions = [
    `SUSE:Linux Enterprise Software Development Kit ${name}`,
    `SUSE:Linux Enterprise Workstation Extension ${name}`,
    `SUSE:Linux Enterprise High Availability Extension ${name}`,
    `SUSE:Linux Enterprise Live Patching ${name}`,
    `SUSE:Real Time Module ${name}`,
  ]
  const modules =
    release === '12'
      ? suse12Modules.map(module => `SUSE:Linux Enterprise Module for ${module} 12`)
      : suseModules.map(module => `SUSE:Linux Enterprise Module for ${module} ${name}`)
  const packageHub = release === '12' ? 'SUSE:Package Hub 12' : `SUSE:Package Hub ${name}`
  return [`SUSE:${product} ${name}`, ...modules, ...extensions, packageHub]
}

function openSuseFeeds({ id, versionId }: Distro): readonly string[] {
  if (id === 'opensuse-tumbleweed' || id === 'opensuse-microos') return ['openSUSE:Tumbleweed']
  if (!/^\d+\.\d+$/.test(versionId)) return []
  if (id === 'opensuse-leap-micro') return [`openSUSE:Leap Micro ${versionId}`]
  return [`openSUSE:Leap ${versionId}`, `openSUSE:Leap ${versionId} NonFree`]
}

/** `22.03-LTS-SP3`: the service pack stands in the release's full name only. Other releases have no advisories. */
function openEulerFeeds({ prettyName }: Distro): readonly string[] {
  const [, release, support] = /\b(\d\d\.\d\d) \((LTS(?:-SP\d+)?)\)$/.exec(prettyName) ?? []
  return release === undefined ? [] : [`openEuler:${release}-${support}`]
}

/** `8`, of `8.10`. */
function major(versionId: string): string | null {
  return /^(\d+)(?:\.\d+)*$/.exec(versionId)?.[1] ?? null
}

const byMajor =
  (name: string) =>
  ({ versionId }: Distro): readonly string[] => {
    const release = major(versionId)
    return release === null ? [] : [`${name}:${release}`]
  }

const none = (): readonly string[] => []
const suse = /^(SUSE|openSUSE)\b/

/**
 * Rebuilds of Red Hat Enterprise Linux have releases and fixes of their own, so none is judged by another's list:
 * CentOS, Oracle, Amazon and Fedora have no advisories in OSV and therefore none here.
 */
const distributions: readonly RpmDistribution[] = [
  { ids: ['rhel'], category: 'Red Hat', vendor: /^Red Hat\b/, feeds: redHatFeeds },
  { ids: ['almalinux'], category: 'AlmaLinux', vendor: /^AlmaLinux\b/, feeds: byMajor('AlmaLinux') },
  { ids: ['rocky'], category: 'Rocky Linux', vendor: /^Rocky\b/, feeds: byMajor('Rocky Linux') },
  // CBL-Mariner 2 is "Azure Linux:2" in OSV.
  {
    ids: ['azurelinux', 'mariner'],
    category: 'Azure Linux',
    vendor: /^Microsoft\b/,
    feeds: byMajor('Azure Linux'),
  },
  {
    ids: ['opensuse-leap', 'opensuse-leap-micro', 'opensuse-tumbleweed', 'opensuse-microos'],
    category: 'openSUSE',
    vendor: suse,
    feeds: openSuseFeeds,
  },
  { ids: Object.keys(suseProducts), category: 'SUSE', vendor: suse, feeds: suseFeeds },
  { ids: ['openeuler'], category: 'openEuler', vendor: /openeuler/i, feeds: openEulerFeeds },
  { ids: ['mageia'], category: 'Mageia', vendor: /^Mageia\b/, feeds: byMajor('Mageia') },
  { ids: ['centos'], category: 'CentOS', vendor: null, feeds: none },
  { ids: ['ol'], category: 'Oracle Linux', vendor: null, feeds: none },
  { ids: ['amzn'], category: 'Amazon Linux', vendor: null, feeds: none },
  { ids: ['fedora'], category: 'Fedora', vendor: null, feeds: none },
]

export const rpmDistribution = (distro: Distro): RpmDistribution | null =>
  distributions.find(({ ids }) => ids.includes(distro.id)) ?? null

/**
 * The feed of what SUSE goes on fixing for those who pay for longer support (LTSS), beside a server's own; null for
 * others. Red Hat's channels of that kind are told apart by minor release, which a feed does not say.
 */
export const suseLongTermFeed = (feed: string): string | null =>
  /^SUSE:Linux Enterprise (Server|High Performance Computing) \d+( SP\d+)?$/.test(feed)
    ? `${feed}-LTSS`
    : null
