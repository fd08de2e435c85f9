/** A package without files that a package manager is made to install. */
export interface MadePackage {
  readonly name: string
  readonly version: string
  readonly sourceName: string
  readonly sourceVersion: string
  /** `nodejs:12`. */
  readonly module: string | null
}
