/**
 * What a request needs to be allowed, in the words of token servers: `repository:team/app:pull`
 * (https://distribution.github.io/distribution/spec/auth/scope/).
 */
export const pullScope = (repository: string): string => `repository:${repository}:pull`

/** Azure's registries have an action of their own for reading tags. */
export const tagsScope = (repository: string): string => `repository:${repository}:pull,metadata_read`

/** Pushing to a repository, which takes reading it; blobs may be mounted from another one of the same registry. */
export const pushScope = (repository: string, mountFrom: string | null = null): string =>
  `repository:${repository}:pull,push${mountFrom === null ? '' : ` repository:${mountFrom}:pull`}`

export const deleteScope = (repository: string): string => `repository:${repository}:delete`

/** Whether a scope lets change anything. Such a one is asked for in our own words, whatever a challenge says. */
export const isWritingScope = (scope: string): boolean => /:[a-z_,]*(?:push|delete)/.test(scope)

export const catalogScope = 'registry:catalog:*'

/** Nothing in particular: whether the registry lets us in. */
export const noScope = ''

const readingActions = new Set(['pull', 'metadata_read'])

/**
 * The scope that a challenge asks for, without anything but reading in it: a registry may spell a repository in its
 * own way, and may not have us fetch a token with which it could push somewhere else. Null when nothing is left.
 */
export function readOnlyScope(scope: string | undefined): string | null {
  const kept = (scope ?? '').split(' ').flatMap(part => {
    const [, resource, given] = /^(repository(?:\([a-z]+\))?:[\w./:-]{1,400}):([a-z_*,]+)$/.exec(part) ?? []
    if (resource === undefined || given === undefined) return part === catalogScope ? [part] : []
    const actions = given.split(',').filter(action => readingActions.has(action))
    return actions.length === 0 ? [] : [`${resource}:${actions.join(',')}`]
  })
  return kept.length === 0 ? null : kept.slice(0, 4).join(' ')
}
