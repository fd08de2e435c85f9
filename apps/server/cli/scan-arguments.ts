import { parseArgs } from 'node:util'
import { type Platform, type Severity, severities } from '@plimsoll/types'
import { readFlags, type Wrong } from './flags.ts'

export interface ScanArguments {
  readonly reference: string
  readonly format: 'table' | 'json'
  readonly advisories: string | null
  /** Those asked for; none when all that run on Linux are. */
  readonly platforms: readonly Platform[]
  /** The least severity of a finding that makes the command fail. */
  readonly failOn: Severity | null
}

export type ScanRequest =
  | { readonly kind: 'scan'; readonly arguments: ScanArguments }
  | { readonly kind: 'help' }
  | Wrong

/** Reads what stands behind `plimsoll scan`. */
export function readScanArguments(args: readonly string[]): ScanRequest {
  const parsed = readFlags(() => parse(args))
  if ('why' in parsed) return parsed
  const { values, positionals } = parsed
  if (values.help) return { kind: 'help' }
  const [reference, ...more] = positionals
  if (reference === undefined) return { kind: 'wrong', why: 'name the image to scan' }
  if (more.length > 0) return { kind: 'wrong', why: `one image at a time: "${more[0]}" is too many` }
  const { format, advisories = null } = values
  if (format !== 'table' && format !== 'json')
    return { kind: 'wrong', why: `--format is table or json, not "${format}"` }
  if (advisories === '') return { kind: 'wrong', why: '--advisories needs a folder or an address' }

  const platforms = platformsOf(values.platform)
  if ('why' in platforms) return platforms

  const wanted = values['fail-on']
  const failOn = severities.find(severity => severity.toLowerCase() === wanted?.toLowerCase()) ?? null
  if (wanted !== undefined && failOn === null) {
    return { kind: 'wrong', why: `--fail-on is critical, high, medium, low or unknown, not "${wanted}"` }
  }
  if (failOn !== null && advisories === null) {
    return { kind: 'wrong', why: '--fail-on needs --advisories: without them nothing is judged' }
  }
  return { kind: 'scan', arguments: { reference, format, advisories, platforms, failOn } }
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'table' },
      advisories: { type: 'string' },
      platform: { type: 'string', multiple: true },
      'fail-on': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })

/** Of `--platform`, which may be repeated and may be a list. */
export function platformsOf(values: readonly string[] | undefined): Platform[] | Wrong {
  const platforms: Platform[] = []
  for (const text of (values ?? []).flatMap(list => list.split(','))) {
    const platform = platformOf(text)
    if (platform === null) {
      return { kind: 'wrong', why: `--platform is like linux/amd64 or linux/arm/v7, not "${text}"` }
    }
    platforms.push(platform)
  }
  return platforms
}

/** `linux/arm/v7`; null when it is no platform. */
function platformOf(text: string): Platform | null {
  const [os = '', architecture = '', variant, ...rest] = text.trim().split('/')
  const isName = (part: string): boolean => /^[\w.-]{1,32}$/.test(part)
  if (rest.length > 0 || ![os, architecture, variant ?? 'v1'].every(isName)) return null
  return { os, architecture, ...(variant === undefined ? {} : { variant }) }
}

/** What a command line may name as an image. */
export const referenceHelp = `IMAGE is one of
  host/repository:tag             an image in a registry
  host/repository@sha256:...      the same, by digest
  docker-archive:FILE[:name:tag]  what docker save wrote; @sha256:... chooses by image id
  oci-archive:FILE[:tag]          a tar archive of an OCI layout; @sha256:... chooses by digest
  oci:DIR[:tag]                   an OCI layout folder; the same
  rootfs:DIR                      a root file system folder`

/** How a command gets into a registry. */
export const passwordHelp = `A registry that asks for a password takes it from the environment: PLIMSOLL_REGISTRY_USERNAME and
PLIMSOLL_REGISTRY_PASSWORD.`

export const scanHelp = `List the packages and vulnerabilities of an image

Usage: npm run -s plimsoll -- scan IMAGE [flags]

${referenceHelp}

Of an image for several platforms, all that run on Linux are scanned.

  --platform OS/ARCH[/VARIANT]  scan these only: linux/amd64, or linux/arm64,linux/arm/v7; may be repeated.
                                Without a variant every variant is meant
  --format table|json           what to print (default table); docs/scan-json.md describes the JSON
  --advisories DIR|URL          what to match against: a place laid out as OSV's bucket, <Ecosystem>/all.zip.
                                Without it packages are listed and nothing is judged: no network but the
                                registry's is used unasked
  --fail-on SEVERITY            end with 1 when there is an open finding of this severity or a worse one:
                                critical, high, medium, low; unknown stands for any finding. What was not
                                judged is no finding: the coverage says what that is
  --help                        show this text

${passwordHelp}

Exit code: 0 when every image was scanned, 1 when --fail-on found something, 2 when an image could not be
scanned, or when there was none that can be. 2 goes before 1.`
