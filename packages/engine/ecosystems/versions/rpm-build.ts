import type { Build } from '../ecosystem.ts'

/**
 * The dist tag of an rpm release: `.el8`, `.el8_5`, in a module `.module_el8.5.0+119+9a9ec082` (AlmaLinux) or
 * `.module+el9.2.0+14843+acebbfea` (Red Hat, Rocky Linux). What follows it are respins of the same source.
 */
const distTag = /\.(?:(module)[_+]el(\d+)(?:\.(\d+))?|el(\d+)(?:_(\d+))?)(?![0-9])/

/** How an rpm was built, by its version; null where there is no dist tag of the Red Hat family. */
export function rpmBuildOf(version: string): Build | null {
  const found = distTag.exec(version)
  if (found === null) return null
  const [, module, moduleMajor, moduleMinor, major = moduleMajor, minor = moduleMinor] = found
  return {
    source: version.slice(0, found.index),
    line: minor === undefined ? null : `el${major}_${minor}`,
    modular: module !== undefined,
  }
}
