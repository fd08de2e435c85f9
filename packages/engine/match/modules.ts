import type { Affected } from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Subject } from './subjects.ts'

/**
 * How an entry of an advisory stands to the module that a package was built for. `about`: it speaks of this package.
 * `other-module`: it speaks of packages with this name from elsewhere, which have versions of their own.
 */
export type Stance = 'about' | 'other-module' | { readonly unclear: string }

/**
 * An advisory about a module's stream speaks of packages of the same stream and of no others: nodejs 10.24 is not
 * affected because nodejs:12 is fixed in 12.21. One about packages outside modules speaks of none inside.
 *
 * Builders leave out the label (Amazon, AlmaLinux), and records the stream. Then the text of the version, which has
 * `.module_el8` in it, still says that it is of a module, and nobody says of which stream. What would be affected is
 * undetermined then: to take it for another stream would hide it, and to take it for this one would make it up.
 */
export function stanceOf(affected: Affected, { module, version }: Subject, ecosystem: Ecosystem): Stance {
  const named = affected.module
  const installed = module ?? (ecosystem.buildOf?.(version)?.modular === true ? '' : null)
  if (named === null || installed === null) return named === installed ? 'about' : 'other-module'
  const [name, stream] = parts(named)
  const [ownName, ownStream] = parts(installed)
  if (name !== null && ownName !== null && name !== ownName) return 'other-module'
  if (stream !== null && ownStream !== null) return stream === ownStream ? 'about' : 'other-module'
  if (ownStream === null) {
    const which = stream === null ? 'a stream that it does not name' : `the stream ${named} only`
    return { unclear: `it is of a module, it is not known which, and the advisory is about ${which}` }
  }
  return { unclear: `it is of ${installed}, and the advisory does not say which stream it is about` }
}

/** `nodejs:12` in two; what is empty is not known. */
function parts(module: string): [name: string | null, stream: string | null] {
  const [name = '', stream = ''] = module.split(':')
  return [name === '' ? null : name, stream === '' ? null : stream]
}
