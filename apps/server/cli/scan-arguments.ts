import { parseArgs } from 'node:util'

export interface ScanArguments {
  readonly reference: string
  readonly format: 'table' | 'json'
  readonly advisories: string | null
}

export type ScanRequest =
  | { readonly kind: 'scan'; readonly arguments: ScanArguments }
  | { readonly kind: 'help' }
  /** One line that says what is wrong. */
  | { readonly kind: 'wrong'; readonly why: string }

/** Reads what stands behind `plimsoll scan`. */
export function readScanArguments(args: readonly string[]): ScanRequest {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    // Node's message goes on with advice about `--`, which does not fit here.
    return { kind: 'wrong', why: (error as Error).message.split(/[.\n] ?/, 1)[0] ?? '' }
  }
  const { values, positionals } = parsed
  if (values.help) return { kind: 'help' }
  const [reference, ...more] = positionals
  if (reference === undefined) return { kind: 'wrong', why: 'name the image to scan' }
  if (more.length > 0) return { kind: 'wrong', why: `one image at a time: "${more[0]}" is too many` }
  const { format, advisories = null } = values
  if (format !== 'table' && format !== 'json')
    return { kind: 'wrong', why: `--format is table or json, not "${format}"` }
  if (advisories === '') return { kind: 'wrong', why: '--advisories needs a folder or an address' }
  return { kind: 'scan', arguments: { reference, format, advisories } }
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'table' },
      advisories: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })

export const scanHelp = `List the packages and vulnerabilities of an image

Usage: npm run -s plimsoll -- scan IMAGE [flags]

IMAGE is one of
  host/repository:tag            an image in a registry
  host/repository@sha256:...     the same, by digest
  oci:DIR[:tag]                  an OCI layout folder
  rootfs:DIR                     a root file system folder

Of an image for several platforms, linux/amd64 and this machine's are scanned.

  --format table|json    what to print (default table); docs/scan-json.md describes the JSON
  --advisories DIR|URL   what to match against: a place laid out as OSV's bucket, <Ecosystem>/all.zip.
                         Without it packages are listed and nothing is judged: no network but the
                         registry's is used unasked.
  --help                 show this text

A registry that asks for a password takes it from the environment: PLIMSOLL_REGISTRY_USERNAME and
PLIMSOLL_REGISTRY_PASSWORD.

Exit code: 0 when every image was scanned, 2 when one could not be, or when there was none that can be.`
