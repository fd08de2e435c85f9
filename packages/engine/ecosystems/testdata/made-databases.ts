/** Parts of databases as dpkg and apk write them, one for each package. */

export const dpkgStanza = (index: number): string =>
  `Package: p${index}\nStatus: install ok installed\nArchitecture: all\nSource: s (1:${index})\nVersion: ${index}-1\n` +
  `Description: a package\n of no use\n .\n at all\n\n`

export const apkBlock = (index: number): string =>
  `C:Q1aa=\nP:p${index}\nV:${index}-r0\nA:x86_64\no:s\nF:etc\nR:a\n\n`

export const many = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => one(index)).join('')
