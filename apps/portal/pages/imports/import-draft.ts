import type { CredentialKind, NewImageImport } from '@plimsoll/types'
import {
  type CredentialDraft,
  type Problems as CredentialProblems,
  emptyCredentials,
  readCredentials,
} from '../../connection/connection-draft.ts'
import { copy } from './copy.ts'

export interface ImportDraft {
  readonly source: string
  readonly registryId: string
  readonly repository: string
  readonly tag: string
  readonly platform: string
  /** Of the kind `none`: those of the connected registry that the source is in, if it is in one. */
  readonly credentials: CredentialDraft
  readonly plainHttp: boolean
}

export type ImportProblems = CredentialProblems & { readonly source?: string }

/** What a source is asked with, where nothing is connected. */
export const sourceCredentialKinds: readonly CredentialKind[] = ['none', 'password', 'token']

export const emptyImport = (registryId: string, source: string, plainHttp: boolean): ImportDraft => ({
  source,
  registryId,
  repository: '',
  tag: '',
  platform: '',
  credentials: emptyCredentials,
  plainHttp,
})

/** An import as it is begun; or what is wrong with it, by field. */
export function readImport(draft: ImportDraft): { image: NewImageImport } | { problems: ImportProblems } {
  const source = draft.source.trim()
  const { credentials, problems } = readCredentials(draft.credentials)
  const all: ImportProblems = { ...(source === '' && { source: copy.noSource }), ...problems }
  if (Object.keys(all).length > 0) return { problems: all }
  const given = (name: 'repository' | 'tag' | 'platform') => {
    const value = draft[name].trim()
    return value === '' ? {} : { [name]: value }
  }
  return {
    image: {
      source,
      registryId: draft.registryId,
      sourcePlainHttp: draft.plainHttp,
      ...(credentials.kind !== 'none' && { sourceCredentials: credentials }),
      ...given('repository'),
      ...given('tag'),
      ...given('platform'),
    },
  }
}

/** An image of a connected registry as a source; empty when it is not wholly named. */
export function sourceOf(url: string | null, repository: string | null, digest: string | null): string {
  if (url === null || !repository || !digest || !URL.canParse(url)) return ''
  return `${new URL(url).host}/${repository}@${digest}`
}
