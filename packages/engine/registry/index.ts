/** The door of this folder to the engine: sources of images, and what registries hold. */

export { type RegistryClient, type RegistryOptions, registryClient } from './client.ts'
export { connectionCodeOf } from './connection-obstacle.ts'
export { type CopyOptions, type CopyProgress, copyImage } from './copy.ts'
export type { Credentials, PasswordProvider } from './credentials.ts'
export { listRepositories, listTags } from './discovery.ts'
export { forbiddenAddress } from './guarded-lookup.ts'
export { InvalidReference } from './invalid-reference.ts'
export { kindOfHost } from './kinds.ts'
export type { LastPull } from './last-pulls/last-pull.ts'
export { type LastPulls, lastPulls } from './last-pulls/last-pulls.ts'
export { listLayoutTags, type OciLayoutOptions, ociLayoutSource } from './oci-layout.ts'
export { type OpenSourceOptions, openSource } from './open-source.ts'
export { leadsTo, ownHost } from './ourselves.ts'
export { isWanted } from './platform.ts'
export { type Agents, guardedAgents } from './proxy.ts'
export { formatReference, parseReference, type Reference, type RegistryReference } from './reference.ts'
export { type RegistrySourceOptions, registrySource } from './registry-source.ts'
export { parseRegistryUrl } from './registry-url.ts'
export { rootfsSource } from './rootfs.ts'
export type { NotApplicable, Resolution, ResolvedImage, Source } from './source.ts'
export { type Advice, SourceError } from './source-error.ts'
export {
  type ConnectionTestOptions,
  testConnection,
} from './test-connection.ts'
export { isOwnUserAgent } from './user-agent.ts'
