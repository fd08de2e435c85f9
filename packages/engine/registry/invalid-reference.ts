import { type Digest, digestSchema } from '@plimsoll/types'
import { SourceError } from './source-error.ts'

/** Why a text is no reference, and what to write instead. */
export function invalid(text: string, why: string, hint?: string): SourceError {
  // A password that someone wrote into it is not repeated.
  const clean = text.replace(/\/\/.*@(?!sha256:)/s, '//...@')
  const shown = clean.length > 300 ? `${clean.slice(0, 300)}...` : clean
  return new SourceError('source-unreadable', `"${shown}" is not an image reference: ${why}.`, {
    hint:
      hint ??
      'Write host/repository:tag, host/repository@sha256:..., oci:DIR[:tag], oci-archive:FILE[:tag], docker-archive:FILE[:tag] or rootfs:DIR.',
  })
}

/** @throws SourceError `source-unreadable` */
export function digestOf(text: string, digest: string): Digest {
  const parsed = digestSchema.safeParse(digest)
  if (parsed.success) return parsed.data
  throw invalid(text, `"${digest}" is not a digest`, 'Write sha256: and 64 hexadecimal digits in lower case.')
}
