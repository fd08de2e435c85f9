import { type Digest, digestSchema } from '@plimsoll/types'
import { SourceError } from './source-error.ts'

/** A text that is no reference. */
export class InvalidReference extends SourceError {
  /** The reason alone, without the text: `"x y" is not a tag`. */
  readonly why: string

  constructor(shown: string, why: string, hint: string) {
    super('source-unreadable', `"${shown}" is not an image reference: ${why}.`, { hint })
    this.name = 'InvalidReference'
    this.why = why
  }
}

/** Why a text is no reference, and what to write instead. */
export function invalid(text: string, why: string, hint?: string): InvalidReference {
  // A password that someone wrote into it is not repeated.
  const clean = text.replace(/\/\/.*@(?!sha256:)/s, '//...@')
  const shown = clean.length > 300 ? `${clean.slice(0, 300)}...` : clean
  return new InvalidReference(
    shown,
    why,
    hint ??
      'Write host/repository:tag, host/repository@sha256:..., oci:DIR[:tag], oci-archive:FILE[:tag], docker-archive:FILE[:tag] or rootfs:DIR.',
  )
}

/** @throws SourceError `source-unreadable` */
export function digestOf(text: string, digest: string): Digest {
  const parsed = digestSchema.safeParse(digest)
  if (parsed.success) return parsed.data
  throw invalid(text, `"${digest}" is not a digest`, 'Write sha256: and 64 hexadecimal digits in lower case.')
}
