/** What names an image in its place. */
export interface Occurrence {
  readonly registryId: string
  readonly repository: string
  readonly digest: string
}

/** As an address has it: `registry-id/team/api@sha256:3f2a…`. */
export const writeOccurrence = ({ registryId, repository, digest }: Occurrence): string =>
  `${registryId}/${repository}@${digest}`

const written = /^(?<registryId>[^/]{1,100})\/(?<repository>[^@]{1,255})@(?<digest>sha256:[0-9a-f]{64})$/

/** Undefined for what is no such text. */
export function readOccurrence(text: string | null): Occurrence | undefined {
  const { registryId, repository, digest } = written.exec(text ?? '')?.groups ?? {}
  return registryId && repository && digest ? { registryId, repository, digest } : undefined
}
