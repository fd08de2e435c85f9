/** A repository's address, and the feed of what is in it. */
const known: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/\/(v\d+\.\d+|edge)\/(main|community|testing)\/?$/, ([, branch = '']) => `Alpine:${branch}`],
  [/\bpackages\.wolfi\.dev\b|\bapk\.cgr\.dev\/wolfi\b/, () => 'Wolfi'],
  [/\b(apk|packages)\.cgr\.dev\/(chainguard|extras)\b/, () => 'Chainguard'],
]

/**
 * The feeds of what apk may install (apk-repositories(5)): lines with an address each, or `@tag` and an address. Of
 * those that are known; what `latest-stable` is, or was on some day, cannot be told.
 */
export function* repositoriesOf(text: string): Generator<string> {
  for (const line of text.split('\n')) {
    const address = line.replace(/#.*/, '').trim().split(/\s+/).at(-1) ?? ''
    for (const [pattern, nameOf] of known) {
      const match = pattern.exec(address)
      if (match !== null) yield nameOf(match)
    }
  }
}
