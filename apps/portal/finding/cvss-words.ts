import type { Severity } from '@plimsoll/types'

/** Metrics of CVSS v3.0 and v3.1 base vectors in words (CVSS v3.1 specification, sections 2.1 to 2.3). */
const metrics: Readonly<
  Record<string, { readonly name: string; readonly values: Readonly<Record<string, string>> }>
> = {
  AV: { name: 'Attack vector', values: { N: 'network', A: 'adjacent network', L: 'local', P: 'physical' } },
  AC: { name: 'Attack complexity', values: { L: 'low', H: 'high' } },
  PR: { name: 'Privileges required', values: { N: 'none', L: 'low', H: 'high' } },
  UI: { name: 'User interaction', values: { N: 'none', R: 'required' } },
  S: { name: 'Scope', values: { U: 'unchanged', C: 'changed' } },
  C: { name: 'Confidentiality impact', values: { N: 'none', L: 'low', H: 'high' } },
  I: { name: 'Integrity impact', values: { N: 'none', L: 'low', H: 'high' } },
  A: { name: 'Availability impact', values: { N: 'none', L: 'low', H: 'high' } },
}

/** `CVSS:3.1/AV:N/AC:L/…` as words; empty for vectors of other versions and for what is not understood. */
export function cvssWords(vector: string): readonly string[] {
  if (!/^CVSS:3\.[01]\//.test(vector)) return []
  return vector
    .split('/')
    .slice(1)
    .flatMap(part => {
      const [key = '', value = ''] = part.split(':')
      const metric = metrics[key]
      const word = metric?.values[value]
      return metric && word ? [`${metric.name}: ${word}`] : []
    })
}

/**
 * The severity that a base score stands for (CVSS v3.1 specification, section 5; the bands of v4.0 are the same). As in
 * `severityOfBaseScore` of the vocabulary, which would bring all of its schemas along.
 */
export function cvssSeverity(baseScore: number): Severity {
  if (baseScore >= 9) return 'Critical'
  if (baseScore >= 7) return 'High'
  return baseScore >= 4 ? 'Medium' : 'Low'
}
