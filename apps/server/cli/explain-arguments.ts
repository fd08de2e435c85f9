import { parseArgs } from 'node:util'
import type { Platform } from '@plimsoll/types'
import { readFlags, type Wrong } from './flags.ts'
import { passwordHelp, platformsOf, referenceHelp } from './scan-arguments.ts'

export interface ExplainArguments {
  readonly reference: string
  /** The id of a vulnerability or an advisory. */
  readonly asked: string
  readonly advisories: string
  readonly format: 'text' | 'json'
  readonly platforms: readonly Platform[]
}

export type ExplainRequest =
  | { readonly kind: 'explain'; readonly arguments: ExplainArguments }
  | { readonly kind: 'help' }
  | Wrong

/** Reads what stands behind `plimsoll explain`. */
export function readExplainArguments(args: readonly string[]): ExplainRequest {
  const parsed = readFlags(() => parse(args))
  if ('why' in parsed) return parsed
  const { values, positionals } = parsed
  if (values.help) return { kind: 'help' }
  const [reference, asked, ...more] = positionals
  if (reference === undefined || asked === undefined)
    return { kind: 'wrong', why: 'name the image and then the vulnerability, such as CVE-2024-0727' }
  if (more.length > 0) return { kind: 'wrong', why: `one vulnerability at a time: "${more[0]}" is too many` }
  if (!/^[\w.:-]{3,200}$/.test(asked)) return { kind: 'wrong', why: `"${asked}" is no id of a vulnerability` }
  const { format, advisories } = values
  if (format !== 'text' && format !== 'json')
    return { kind: 'wrong', why: `--format is text or json, not "${format}"` }
  if (advisories === undefined || advisories === '')
    return { kind: 'wrong', why: 'it needs --advisories: without them nothing is judged' }
  const platforms = platformsOf(values.platform)
  if ('why' in platforms) return platforms
  return { kind: 'explain', arguments: { reference, asked, advisories, format, platforms } }
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'text' },
      advisories: { type: 'string' },
      platform: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })

export const explainHelp = `Say why a vulnerability is, or is not, among an image's findings

Usage: npm run -s plimsoll -- explain IMAGE ID --advisories DIR|URL [flags]

ID is a CVE or an advisory: CVE-2024-0727, DSA-5764-1, ALSA-2024:2447.

${referenceHelp}

Of an image for several platforms, each that runs on Linux answers for itself.

  --advisories DIR|URL          what to match against: a place laid out as OSV's bucket, <Ecosystem>/all.zip
  --platform OS/ARCH[/VARIANT]  ask these only: linux/amd64, or linux/arm64,linux/arm/v7; may be repeated
  --format text|json            what to print (default text)
  --help                        show this text

${passwordHelp}

Exit code: 0 when there is an answer, whatever it is, 2 when there is none.`
