import { digestSchema } from '@plimsoll/types'
import { isRepositoryPath, isTag } from './reference.ts'
import { SourceError } from './source-error.ts'

/** Names come from notifications and from people; none may lead to another path. */
export function checkedRepository(repository: string): string {
  if (isRepositoryPath(repository)) return repository
  throw new SourceError('source-unreadable', `"${repository}" is not a repository name.`)
}

export function checkedReference(tagOrDigest: string): string {
  if (isTag(tagOrDigest) || digestSchema.safeParse(tagOrDigest).success) return tagOrDigest
  throw new SourceError('source-unreadable', `"${tagOrDigest}" is neither a tag nor a sha256: digest.`)
}
