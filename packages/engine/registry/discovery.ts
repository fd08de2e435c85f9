import { z } from 'zod'
import { checkedRepository } from './checked-names.ts'
import type { RegistryClient } from './client.ts'
import type { ListPage } from './list-page.ts'
import { isRepositoryPath, isTag } from './reference.ts'
import { SourceError } from './source-error.ts'
import { PageTooLarge } from './status-failure.ts'

const catalogSchema = z.object({ repositories: z.array(z.string()).nullish() })
// Docker Distribution answers null for a repository whose last tag was deleted.
const tagsSchema = z.object({ tags: z.array(z.string()).nullish() })

/** The most that Docker Distribution, Azure's registries and Amazon ECR send at a time, and what all of them do. */
const namesPerPage = [1000, 100] as const
/** Five million names; a registry that goes on after that is sending us in circles. */
const maxPages = 10_000

/**
 * Every repository of a registry, in its order, as pages arrive.
 *
 * @throws SourceError; many hosted registries refuse the catalogue (`unauthorized` or `image-not-found`)
 */
export async function* listRepositories(
  registry: RegistryClient,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const page of pages(registry, '/v2/_catalog', null, signal)) {
    const { data } = catalogSchema.safeParse(page)
    if (data === undefined) throw unreadable(registry.host)
    yield* checked(data.repositories ?? [], isRepositoryPath, registry.host)
  }
}

/**
 * Every tag of a repository, in the registry's order; none for one that has lost its last tag.
 *
 * @throws SourceError `image-not-found` when there is no such repository
 */
export async function* listTags(
  registry: RegistryClient,
  repository: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const page of pages(
    registry,
    `/v2/${checkedRepository(repository)}/tags/list`,
    repository,
    signal,
  )) {
    const { data } = tagsSchema.safeParse(page)
    if (data === undefined) throw unreadable(`${registry.host}/${repository}`)
    yield* checked(data.tags ?? [], isTag, `${registry.host}/${repository}`)
  }
}

async function* pages(
  registry: RegistryClient,
  list: string,
  repository: string | null,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  const seen = new Set<string>()
  const [most, fewer] = namesPerPage
  const first = `${list}?n=${most}`
  for (let path: string | null = first; path !== null; ) {
    if (seen.has(path) || seen.size === maxPages) {
      throw new SourceError(
        'registry-error',
        `The list of ${repository ?? 'repositories'} at ${registry.host} does not end.`,
      )
    }
    seen.add(path)
    const isFirst = path === first
    const page: ListPage = await registry.page(path, repository, signal).catch(async (error: unknown) => {
      if (!isFirst || !(error instanceof PageTooLarge)) throw error
      return await registry.page(`${list}?n=${fewer}`, repository, signal)
    })
    yield page.value
    path = page.next
  }
}

/** All names, or an error: a list with a hole in it would look complete. */
function checked(
  names: readonly string[],
  isName: (name: string) => boolean,
  where: string,
): readonly string[] {
  if (names.every(isName)) return names
  throw new SourceError('registry-error', `The list of ${where} holds something that is no name.`)
}

const unreadable = (where: string): SourceError =>
  new SourceError(
    'registry-error',
    `The list of ${where} is not as the specification has it, so this may be no registry.`,
  )
