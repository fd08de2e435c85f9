import type { Distro } from '@plimsoll/types'
import { judgedAs } from '../distributions/derivatives.ts'
import { knownReleaseOf, releaseByCodename } from '../distributions/families.ts'
import { readStanzas } from '../formats/deb822.ts'

/** A line of sources.list(5), or a stanza, which may name several places and suites. */
interface AptSource {
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
}

/** Debian's and Ubuntu's own archives and their mirrors; `main` is for each of their suites. */
const archive = /\b(debian\.org|ubuntu\.com)\b|\/(debian|debian-security|ubuntu|ubuntu-ports)\/?$/

/** Suites without a codename. What "stable" is, or was on some day, cannot be told. */
const unnamed: ReadonlyMap<string, string> = new Map([
  ['testing', 'Debian testing'],
  ['unstable', 'Debian unstable (sid)'],
  ['experimental', 'Debian experimental'],
])

/**
 * Releases of Debian and Ubuntu that apt may install packages of besides the image's own: "Debian unstable (sid)
 * (etc/apt/sources.list)". Updates, security and backports of the image's own release are no others.
 *
 * @param settings sources.list and the files of sources.list.d, by their paths
 */
export function otherAptReleases(settings: ReadonlyMap<string, string>, distro: Distro): string[] {
  const own = knownReleaseOf(judgedAs(distro))
  if (own === null) return []
  const others = new Set<string>()
  for (const [path, text] of settings) {
    for (const { uris, suites, components } of path.endsWith('.sources') ? stanzas(text) : lines(text)) {
      if (!components.includes('main') || !uris.some(uri => archive.test(uri))) continue
      for (const name of suites.map(releaseOfSuite)) {
        if (name !== null && name !== own.name) others.add(`${name} (${path})`)
      }
    }
  }
  return [...others]
}

function releaseOfSuite(suite: string): string | null {
  const base = suite.replace(
    /\/updates$|-(security|updates|proposed|proposed-updates|backports|backports-sloppy|lts)$/,
    '',
  )
  const release = releaseByCodename('debian', base) ?? releaseByCodename('ubuntu', base)
  return release?.name ?? unnamed.get(base) ?? null
}

/** A longer line is none that a person would write, and takes long to take apart. */
const maxLineLength = 4096

/** `deb [arch=amd64] http://deb.debian.org/debian bookworm main contrib` */
function* lines(text: string): Generator<AptSource> {
  for (const line of text.split('\n')) {
    if (line.length > maxLineLength) continue
    const [type, uri, suite, ...components] = line
      .replace(/#.*/, '')
      .replace(/\[[^\]]*\]/, '')
      .trim()
      .split(/\s+/)
    if (type === 'deb' && uri !== undefined && suite !== undefined)
      yield { uris: [uri], suites: [suite], components }
  }
}

const fields = new Set(['types', 'uris', 'suites', 'components', 'enabled'])

function* stanzas(text: string): Generator<AptSource> {
  // Comments stand anywhere, even within a stanza.
  for (const stanza of readStanzas(text.replace(/^#.*\n?/gm, ''), fields)) {
    const words = (field: string): string[] => (stanza.fields.get(field) ?? '').split(/\s+/).filter(Boolean)
    if (!words('types').includes('deb') || /^(no|false|off|0)$/i.test(words('enabled')[0] ?? '')) continue
    yield { uris: words('uris'), suites: words('suites'), components: words('components') }
  }
}
