import {
  forbiddenAddress,
  formatReference,
  InvalidReference,
  parseReference,
  type RegistryReference,
  SourceError,
} from '@plimsoll/engine'
import { digestSchema, type NewImageImport, type Platform } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { otherOrigin, refuseOurselves } from '../registries/address.ts'

/** An import as somebody asks for it, read and found sound. */
export interface WantedImport {
  /** In its canonical spelling. */
  readonly source: string
  readonly repository: string
  readonly tag: string | null
  readonly platform: string | null
}

/** @throws Refusal when the source names no image in a registry, or what it is to become is no name. */
export function wantedImport(db: Db, input: NewImageImport): WantedImport {
  const source = sourceReference(db, input)
  refusePlainHttp(db, source, input.sourcePlainHttp)
  const repository = input.repository || source.repository
  const tag = input.tag || source.tag
  const target = `target.example/${repository}${tag === null ? '' : `:${tag}`}`
  const read = referenceOf(tag === null ? `${target}@${source.digest ?? ''}` : target, 'target')
  refuseForbidden(db, source)
  if (input.platform) platformOf(input.platform)
  return {
    source: formatReference(source),
    repository: read.repository,
    tag: read.tag,
    platform: input.platform || null,
  }
}

/**
 * Refuses a source that is this server. One in a connected registry was looked at when that was connected, and may be
 * asked through a proxy, which knows other names. Before `startImport`, which waits for nothing.
 * @throws Refusal
 */
export async function refuseOwnSource(
  db: Db,
  input: NewImageImport,
  ownOrigins: readonly string[],
): Promise<void> {
  const { url } = sourceReference(db, input)
  if (connectedAt(db, url) === null) await refuseOurselves(url, ownOrigins)
}

/** The source of a stored import. */
export const sourceOf = (source: string): RegistryReference => referenceOf(source, 'source')

/** One in a connected registry is asked as that is, whatever way a name without a scheme would be asked otherwise. */
function sourceReference(db: Db, { source, sourcePlainHttp }: NewImageImport): RegistryReference {
  const hasScheme = source.includes('://')
  const named = hasScheme || namesAHost(source) ? source : `docker.io/${source}`
  const reference = referenceOf(!hasScheme && sourcePlainHttp ? `http://${named}` : named, 'source')
  const origins = hasScheme
    ? [reference.url, otherOrigin(reference.url)]
    : [reference.url, ...['https', 'http'].map(scheme => new URL(`${scheme}://${reference.host}`).origin)]
  const url = origins.find(origin => connectedAt(db, origin) !== null)
  return url === undefined ? reference : { ...reference, url }
}

/** Docker's own rule; without a host an image is one of Docker Hub. */
function namesAHost(source: string): boolean {
  const [first = '', ...rest] = source.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
}

function referenceOf(text: string, what: 'source' | 'target'): RegistryReference {
  try {
    const reference = parseReference(text)
    if (reference.kind === 'registry') return reference
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    // A source is shown as it was typed; of the target the host is no part of what was.
    const message =
      what === 'target' && error instanceof InvalidReference
        ? `What the image is to be called in the target is no name: ${error.why}.`
        : error.message
    const hint = error instanceof InvalidReference ? hints[what] : (error.hint ?? '')
    throw new Refusal('bad-request', message, { hint, cause: error })
  }
  throw new Refusal('bad-request', `The ${what} is an image in a registry.`, { hint: hints[what] })
}

const hints = {
  source: 'Write its host, repository and tag, or its digest: docker.io/library/debian:12.',
  target: 'Repositories are in lower case, team/app; a tag has letters, digits, "_", "." and "-".',
}

/** Over plain http what is copied could be changed on its way but for its digest, and a password be read. */
function refusePlainHttp(db: Db, { url }: RegistryReference, allowed: boolean): void {
  if (url.startsWith('https:') || allowed || connectedAt(db, url) !== null) return
  throw new Refusal('bad-request', 'The source would be asked over plain http, which was not chosen.', {
    hint: 'Allow plain http for it (on the command line --source-plain-http), or write https:// before its name.',
  })
}

/** Refused when it is asked for; a name that comes to lead there later ends the import when it is tried. */
function refuseForbidden(db: Db, { url }: RegistryReference): void {
  const refused = connectedAt(db, url) === null ? forbiddenAddress(new URL(url)) : null
  if (refused !== null) {
    throw new Refusal('bad-request', refused.message, { hint: refused.hint ?? '', cause: refused })
  }
}

/** The connected registry at this origin; null when there is none. */
export const connectedAt = (db: Db, url: string): string | null =>
  (prepared(db, `select id from registry where url = ? and kind <> 'demonstration' and removed_at is null`)
    .pluck()
    .get(url) as string | undefined) ?? null

/** `linux/arm64/v8` @throws Refusal */
export function platformOf(text: string): Platform {
  const [os = '', architecture = '', variant, ...more] = text.split('/')
  const parts = [os, architecture, variant ?? 'v1']
  if (more.length > 0 || !parts.every(part => /^[A-Za-z0-9_.-]{1,40}$/.test(part))) {
    throw new Refusal('bad-request', `"${text}" is no platform.`, {
      hint: 'Write linux/amd64 or linux/arm64/v8.',
    })
  }
  return { os, architecture, ...(variant === undefined ? {} : { variant }) }
}

/** What the source is asked for: its digest where it has one. */
export const referenceIn = ({ digest, tag }: RegistryReference): string =>
  digestSchema.safeParse(digest).data ?? tag ?? 'latest'
