import type { Interval } from './advisory.ts'

/**
 * Modules of the Red Hat family (https://docs.fedoraproject.org/en-US/modularity/): the same package is built for
 * several streams, each with versions of its own, and a fix in one stream says nothing of another. Records show that
 * they are about such builds in the release of the fixed version alone, `.module_el8` (AlmaLinux, CentOS) or
 * `.module+el8` (Red Hat, Rocky Linux, Oracle), and name the stream in the title alone.
 */
export const isModular = (intervals: readonly Interval[]): boolean =>
  intervals.some(({ fixed }) => fixed?.includes('.module') === true && /\.module[_+]/.test(fixed))

/** Of a module of which it is not known which it is. */
export const unnamedModule = ''

/** Titles are short, and each module named costs an entry for each package: a made-up title must not cost more. */
const maxTitleChars = 1000
const maxModules = 10

/**
 * The modules and streams that a notice's title names: "virt:rhel and virt-devel:rhel security update",
 * "httpd:2.4/mod_http2 security update", "ALSA-2022:5468: php:8.0 security update (Important)". What it names without
 * a stream ("container-tools bug fix update", "ipa ...") may be a module or a package of one, and is no help.
 */
export function modulesNamed(title: string): readonly string[] {
  const words = title
    .slice(0, maxTitleChars)
    .matchAll(/(?<![\w:/.+-])([A-Za-z0-9][\w.+-]*):([A-Za-z0-9](?:[\w.-]*\w)?)(?![\w:-])/g)
  const named = new Set(
    Array.from(words, ([word]) => word).filter(word => !/^[A-Z]{4}-\d{4}:\d+$/.test(word)),
  )
  return named.size > maxModules ? [] : [...named]
}
