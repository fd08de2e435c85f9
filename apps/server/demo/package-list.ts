/** A package of a sample image, as its database states it. */
export interface SamplePackage {
  readonly name: string
  readonly version: string
  readonly arch: string
  readonly sourceName: string
  readonly sourceVersion: string
}

/**
 * Reads a package list: a line per source package, `source version: binary[=version][/architecture] ...`, where a
 * binary package has its source's version and `arch` unless it says otherwise. Lines that start with `#` are notes.
 */
export function parsePackageList(text: string, arch: string): SamplePackage[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .flatMap(line => {
      const [, sourceName, sourceVersion, binaries] = /^(\S+) (\S+): (.+)$/.exec(line) ?? []
      if (!sourceName || !sourceVersion || !binaries)
        throw new Error(`Not a line of a package list: "${line}"`)
      return binaries.split(' ').map(binary => {
        const [, name, version, ownArch] = /^([^=/]+)(?:=([^/]+))?(?:\/(.+))?$/.exec(binary) ?? []
        if (!name) throw new Error(`Not a package of a package list: "${binary}"`)
        return { name, version: version ?? sourceVersion, arch: ownArch ?? arch, sourceName, sourceVersion }
      })
    })
}

/** dpkg's `status` file (dpkg(1), deb-control(5)): a paragraph per package, `Source` only where it differs. */
export function dpkgStatus(packages: readonly SamplePackage[]): string {
  return packages
    .map(p => {
      const source = [
        ...(p.sourceName === p.name && p.sourceVersion === p.version ? [] : [p.sourceName]),
        ...(p.sourceVersion === p.version ? [] : [`(${p.sourceVersion})`]),
      ]
      return [
        `Package: ${p.name}`,
        'Status: install ok installed',
        `Architecture: ${p.arch}`,
        ...(source.length > 0 ? [`Source: ${source.join(' ')}`] : []),
        `Version: ${p.version}`,
        '',
      ].join('\n')
    })
    .join('\n')
}

/** apk's `installed` database (apk-tools' wiki, "Apk spec"): a paragraph of one-letter keys per package. */
export function apkInstalled(packages: readonly SamplePackage[]): string {
  return packages
    .map(p => [`P:${p.name}`, `V:${p.version}`, `A:${p.arch}`, `o:${p.sourceName}`, '', ''].join('\n'))
    .join('')
}
