import type { Distro } from '@plimsoll/types'

/** What comes before "release" in such a line, and the id that os-release has for it. The first that fits counts. */
const idOfName: readonly (readonly [RegExp, string])[] = [
  [/^Red Hat Enterprise Linux\b/, 'rhel'],
  [/^CentOS\b/, 'centos'],
  [/^(Oracle Linux|Enterprise Linux Enterprise Linux)\b/, 'ol'],
  [/^Amazon Linux\b/, 'amzn'],
  [/^Fedora\b/, 'fedora'],
  [/^Rocky Linux\b/, 'rocky'],
  [/^AlmaLinux\b/, 'almalinux'],
  [/^Scientific Linux\b/, 'scientific'],
]

/** `CentOS release 6.10 (Final)`; null when it is no such line. Of a name that is not known, the name is the id. */
export function distroOfReleaseLine(line: string): Distro | null {
  const [, name = '', versionId = ''] = /^(.*\S)\s+release\s+(\d[\w.]*)/.exec(line) ?? []
  if (name === '') return null
  const id = idOfName.find(([pattern]) => pattern.test(name))?.[1] ?? name.toLowerCase().replace(/\s+/g, '-')
  return { id, versionId, idLike: [], prettyName: line }
}

/**
 * SUSE before 2014: a line with the name, then `VERSION = 11` and, in SUSE Linux Enterprise, `PATCHLEVEL = 4`.
 *
 * @param firstLine the first line of a text, made fit to be shown
 */
export function distroOfSuseRelease(text: string, firstLine: (text: string) => string): Distro | null {
  const prettyName = firstLine(text)
  const id = /^openSUSE\b/i.test(prettyName)
    ? 'opensuse'
    : /^SUSE Linux Enterprise\b/i.test(prettyName)
      ? 'sles'
      : null
  if (id === null) return null
  const version = numberOf(text, 'VERSION')
  const patchLevel = numberOf(text, 'PATCHLEVEL')
  const versionId = patchLevel === '' || patchLevel === '0' ? version : `${version}.${patchLevel}`
  return { id, versionId, idLike: [], prettyName }
}

const numberOf = (text: string, name: string): string =>
  new RegExp(`^${name}\\s*=\\s*(\\d[\\d.]{0,15})\\s*$`, 'm').exec(text)?.[1] ?? ''
