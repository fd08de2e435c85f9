/** The door of the scanning engine: bytes in, facts out. No database, no environment, no clock. */

// Advisories: feed bytes to records, and records in memory.
export type {
  Advisory,
  AdvisoryLookup,
  Affected,
  AliasGroup,
  CveFacts,
  Interval,
} from './advisories/advisory.ts'
export { advisoryIndex, mergedFacts } from './advisories/advisory-index.ts'
export { type AliasAssertion, type AliasGroups, aliasGroups, cveIn } from './advisories/aliases.ts'
export { parseCveFacts } from './advisories/cve-facts.ts'
export { readEpss } from './advisories/epss.ts'
export { type KevList, readKev } from './advisories/kev.ts'
export { InvalidRecord, parseOsvRecord, type ReadAdvisory } from './advisories/osv.ts'
export { advisoryFolders, checkPlace, UnreadableFeed } from './advisories/place.ts'
export { type FeedRecord, readCveFacts, readOsvZip } from './advisories/read.ts'
export type { ThreatList } from './advisories/threat-list.ts'
// What is known of ecosystems; lists of filters, labels and coverage are derived from it.
export { type Ecosystem, InvalidVersion, Unreadable } from './ecosystems/ecosystem.ts'
export { ecosystemById, ecosystems } from './ecosystems/index.ts'
// For whoever makes images.
export { type TarEntry, tarArchive } from './formats/tar-writer.ts'
export { readZip } from './formats/zip.ts'
export { defaultLimits, type Limits } from './layers/limits.ts'
// Matching alone, for an inventory that was taken before, and why something was matched or not.
export { type ExplainInput, explain } from './match/explain.ts'
export { type MatchLimits, type MatchOptions, match } from './match/match.ts'
export {
  type Advice,
  type Agents,
  type ConnectionTestOptions,
  type CopyOptions,
  type CopyProgress,
  type Credentials,
  connectionCodeOf,
  copyImage,
  forbiddenAddress,
  formatReference,
  guardedAgents,
  InvalidReference,
  isOwnUserAgent,
  isWanted,
  kindOfHost,
  type LastPull,
  type LastPulls,
  lastPulls,
  leadsTo,
  listLayoutTags,
  listRepositories,
  listTags,
  type NotApplicable,
  type OciLayoutOptions,
  ociLayoutSource,
  ownHost,
  type PasswordProvider,
  parseReference,
  parseRegistryUrl,
  type Reference,
  type RegistryClient,
  type RegistryOptions,
  type RegistryReference,
  type RegistrySourceOptions,
  type Resolution,
  type ResolvedImage,
  registryClient,
  registrySource,
  rootfsSource,
  type Source,
  SourceError,
  testConnection,
} from './registry/index.ts'
// The story: open a source, resolve its images, scan each.
export { openSource, reportNotApplicable, type ScanInput, scan } from './scan.ts'
