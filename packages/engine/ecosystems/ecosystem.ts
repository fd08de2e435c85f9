import type { Distro } from '@plimsoll/types'

/** A package as a reader finds it, before it is known which file and layer it came from. */
export interface PackageRecord {
  readonly name: string
  readonly version: string
  readonly sourceName: string
  readonly sourceVersion: string
  readonly arch: string
  /** The module and stream it was built for, `nodejs:12`. */
  readonly module?: string
  /** Who built it, as the database says. */
  readonly vendor?: string
}

/**
 * A package database that cannot be read, or not in full. What could be read was yielded before it is thrown, and
 * counts: a reader throws at its end when single entries were damaged. The message, a sentence that names the file,
 * ends in the coverage ledger.
 */
export class Unreadable extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'Unreadable'
  }
}

/** A version string that has no place in the ecosystem's order. Ends in an `undetermined` finding. */
export class InvalidVersion extends Error {
  constructor(version: string, why: string) {
    super(`"${version}" is not a version here: ${why}`)
    this.name = 'InvalidVersion'
  }
}

/** How a version was built, by its text: `4.18-7.el8_5.2` and `1.5.2-1.module_el8.4.0+2229+b272fdef`. */
export interface Build {
  /** What was built, the same for every build of one source: `4.18-7`, `1.5.2-1`. */
  readonly source: string
  /** The minor release it is an update in, `el8_5`, `el8_4`; null where it says none. */
  readonly line: string | null
  /** It was built for a module. */
  readonly modular: boolean
}

/** What a person should run to get a package's fix, inside the image. */
export interface Fix {
  /** The release's feed, which tells distributions with one kind of package and several package managers apart. */
  readonly feed?: string
  readonly sourceName: string
  readonly packageNames: readonly string[]
  readonly fixedVersion: string
}

/**
 * Everything Plimsoll knows about one ecosystem. Adding one is a file with this shape and a line in `index.ts`;
 * lists of filters, labels, docs and coverage are derived from that array.
 */
export interface Ecosystem {
  /** The package-URL type: `deb`, `apk`. */
  readonly id: string
  /** For people: "Debian packages (dpkg)". */
  readonly title: string
  /**
   * Whether a file of this path (no leading slash) may matter. Cheap, no I/O; broad enough to hold whatever
   * symbolic links in the directory part may do (`lib` -> `usr/lib`): match the tail of the path.
   */
  wants(path: string): boolean
  /**
   * The database files of the merged file system, as paths or as `dir/*` for every file of a directory. They are
   * resolved through the merged tree's links; a file that `wants` kept and nothing here names is ignored.
   */
  readonly databases: readonly string[]
  /**
   * Packages of one database file. Yields what is installed; throws Unreadable when the bytes make no sense.
   * `path` is the file's path as listed in `databases` (with the directory's real entries).
   *
   * @param beside the content of another wanted file in the same directory, by its name: what a database keeps apart,
   *   such as SQLite's `-wal`. Null when there is none.
   */
  packages(
    content: Uint8Array,
    path: string,
    beside?: (fileName: string) => Uint8Array | null,
  ): Iterable<PackageRecord>
  /**
   * Files that tell the package manager where packages come from, as paths or `dir/*`. They are wanted like databases,
   * and read where there is one.
   */
  readonly settings?: readonly string[]
  /**
   * Other releases or distributions that the settings name beside the image's own: packages of theirs may be among the
   * installed ones, and the database does not say which those are. In words, with the file that says it:
   * "Alpine edge (etc/apk/repositories)".
   *
   * @param settings the text of each file that is there, by its path as listed
   */
  otherReleases?(settings: ReadonlyMap<string, string>, distro: Distro): readonly string[]
  /**
   * Whether the text is a version here. Package managers order more than that; matching does not trust such an order
   * and says "undetermined".
   */
  isVersion(version: string): boolean
  /** -1, 0 or 1: a total order over versions, as the package manager has it. Throws InvalidVersion where it has none. */
  compare(a: string, b: string): -1 | 0 | 1
  /** OSV's folders that have advisories for this ecosystem, feed names without a release: `Debian`, `Alpine`. */
  readonly advisoryFolders: readonly string[]
  /**
   * The advisory feeds for a distribution's release, as OSV names them: `Debian:12`. Empty when there is none; the
   * first is the one the release is shown under, others are its repositories, where the vendor keeps them apart.
   */
  feeds(distro: Distro): readonly string[]
  /** Whether a feed names source packages, binary ones, or either; source where an ecosystem does not say. */
  advisoryNames?(feed: string): 'source' | 'binary' | 'both'
  /**
   * Who built a package that is not the distribution's own; null when it is. The distribution's advisories say nothing
   * of such a package, whatever its name.
   */
  thirdParty?(record: PackageRecord, distro: Distro): string | null
  /** The feed of the paid channel beside a feed, where the vendor has one: `Ubuntu:Pro:18.04:LTS`. */
  paidFeed?(feed: string): string | null
  /** Whether a version was built for that channel: `1.2-3ubuntu1+esm1`. */
  isPaidVersion?(version: string): boolean
  /** How a version was built, where its text says so; null where it does not. */
  buildOf?(version: string): Build | null
  /** The distribution or ecosystem in its own words: "Debian". */
  category(distro: Distro | null): string
  /** The command that installs a fix, or null. */
  fixCommand(fix: Fix): string | null
}
