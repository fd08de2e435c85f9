import type { ZodError } from 'zod'

/** What is wrong with an input, a sentence for each fault. What the schemas say themselves are sentences already. */
export const invalidInput = (error: ZodError): string => error.issues.map(sentenceOf).join(' ')

type Issue = ZodError['issues'][number]

/** How the library begins what it says of its own. */
const itsOwn = /^(?:Invalid|Too (?:small|big)|Unrecognized|Required)/

function sentenceOf(issue: Issue): string {
  const { path, message } = issue
  const field = path.length === 0 ? 'The input' : path.map(String).join('.')
  if (!itsOwn.test(message)) {
    const saysWhich = path.length === 0 || message.toLowerCase().includes(String(path.at(-1)).toLowerCase())
    return saysWhich ? message : `${field}: ${message}`
  }
  switch (issue.code) {
    case 'invalid_type':
      return message.endsWith('received undefined')
        ? `${field} is missing.`
        : `${field} has to be ${named(issue.expected)}.`
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `${field} has to be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}.`
        : Number(issue.minimum) === 1
          ? `${field} must not be empty.`
          : `${field} is too short: at least ${issue.minimum} are needed.`
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `${field} has to be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}.`
        : `${field} is too long: at most ${issue.maximum} are taken.`
    case 'invalid_value':
      return `${field} is one of ${issue.values.map(String).join(', ')}.`
    case 'invalid_format':
      return `${field} is not written as ${named(issue.format)}.`
    case 'unrecognized_keys':
      return `There is no ${issue.keys.join(', ')} in ${field === 'The input' ? 'the input' : field}.`
    default:
      return `${field} is not what is expected here.`
  }
}

const named = (what: string): string => `${/^[aeio]/.test(what) ? 'an' : 'a'} ${what}`
